/**
 * The words of random task names. Data only: every word is `[a-z0-9]`, none repeats inside its list,
 * and no adjective is one that somebody's country or namesake would mind.
 *
 * @module
 */
import type { Category } from "./category.ts";

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** The first half of a name. */
export const ADJECTIVES: readonly string[] = words(`
  able active adaptable adept admirable adroit adventurous affable agile airy alert alive amazing amber
  ambient amiable ample amused animated apt ardent artful astute attentive autumn avid awake balanced balmy
  bashful beaming benign bewitching blazing blissful blithe blooming blue bold bonny bouncy brave breezy
  bright brilliant brisk bronze bubbly bucolic busy buoyant calm candid capable carefree careful caring
  casual celestial charming cheerful cheery chipper chirpy civil classic clean clear clever coastal comfy
  compact composed confident constant cool copper coral cordial cosmic courteous cozy creative crimson crisp
  crystal cuddly curious dapper daring dashing dazzling dear decent decisive deep deft deliberate delicate
  delightful dependable devoted diligent diplomatic direct discreet distant dreamy driven durable dutiful
  dynamic eager early earnest easy ebullient eclectic elated elegant eloquent eminent enchanted endless
  energetic enormous enterprising epic equal esteemed eternal evergreen exact excellent excited expert
  exuberant fabulous fair faithful famous fancy fearless festive fine firm fit fleet flexible floral flowing
  fluent fluffy flying focused fond formal fortunate frank free fresh friendly frosty gallant generous
  genial gentle genuine gifted glad gleaming glistening glorious glowing golden good graceful gracious grand
  grateful great green gregarious guiding handy happy hardy harmonic hearty helpful heroic hidden honest
  hopeful humble humming hushed ideal immense impartial industrious infinite ingenious inquisitive inspired
  intrepid inventive ivory jade jaunty jazzy jolly jovial joyful joyous jubilant judicious just keen kind
  kindly lasting laughing lavish lawful leafy learned level light likable lime limber literate lively
  logical lofty loving loyal lucid lucky luminous lunar lyrical magenta magical magnetic majestic marine
  mellow melodic merry mighty mild mindful mirthful misty modern modest moonlit moral musical mystic natural
  neat nifty nimble noble nocturnal northern notable novel oaken observant ochre open optimistic orange
  orderly organic original outgoing pacific painted paper passionate pastel pastoral patient peaceful pearly
  peppy perky persistent pioneering placid playful pleasant plucky plush poetic polar polished polite
  popular positive precious precise prime pristine proper proud prudent punctual purple purring quaint quick
  quiet quirky radiant rapid rare ready refined regal relaxed reliable resilient resolute restful rhythmic
  robust rosy round royal ruby rustic sable sage sapphire savvy scarlet scenic seasoned secure sensible
  serene sharp shining shiny silent silken silver sincere skilled sleek smart smiling smooth snappy snowy
  snug sociable soft solar solid sonic soothing sparkling speedy spirited splendid spry stable starry
  stately steadfast steady stellar sterling stoic stout striking strong studious stunning sturdy suave
  sublime subtle summer sunlit sunny superb supple supportive sure surefooted swift sylvan tactful talented
  tall teal tender thankful thorough thoughtful thrifty tidy timely tireless tolerant tranquil treasured
  trim tropical true trusted trusty truthful turquoise twinkling unified unique upbeat upright urbane
  valiant valued velvet verdant versatile vibrant vigilant vintage violet vivid wandering warm wavy welcome
  western whimsical whistling windy winged winning winter wise witty wonderful woodland worthy xenial young
  youthful zealous zesty zippy
`);

/** The second half of a name, by category. */
export const NOUNS: Readonly<Record<Category, readonly string[]>> = {
  animals: words(`
    aardvark albatross alpaca antelope armadillo axolotl badger bison bobcat buffalo camel capybara caribou
    cheetah chinchilla condor cormorant cougar coyote crane dolphin dormouse eagle echidna egret falcon
    ferret finch flamingo gazelle gecko gibbon giraffe hedgehog heron ibex iguana jackdaw kestrel kingfisher
    koala lemur lynx manatee marmot meerkat narwhal ocelot octopus osprey otter pangolin pelican penguin
    puffin quail raccoon salamander seal tapir toucan walrus wombat wren zebra
  `),
  architecture: words(`
    abbey alcove apse aqueduct arcade arch architrave atrium balcony balustrade basilica bastion bay beam
    belfry bridge buttress campanile canopy capital castle cathedral cloister colonnade column corbel
    cornice courtyard cupola dome dormer facade fresco frieze gable gallery gargoyle gateway gazebo keystone
    lantern lighthouse lintel loggia mezzanine minaret mosaic nave obelisk pagoda parapet pavilion pediment
    pergola pilaster plinth portico rotunda spire terrace tower transept turret vault veranda ziggurat
  `),
  art: words(`
    acrylic aquarelle atelier baroque bauhaus brushstroke calligraphy canvas carving ceramic charcoal
    chiaroscuro collage contour cubism dada diptych drawing easel embroidery enamel engraving etching
    exhibit figurine gesso glaze gouache icon impasto ink kiln landscape linocut lithograph medallion
    miniature monochrome mosaic motif mural origami ornament palette panorama pastel patina pigment portrait
    pottery relief rococo sculpture sfumato silhouette sketch statue stencil tapestry tempera triptych
    varnish vignette watercolor woodcut
  `),
  astronomy: words(`
    albedo altair andromeda antares aphelion apogee arcturus asteroid aurora azimuth betelgeuse callisto
    capella cassiopeia ceres comet constellation corona cosmos crater cygnus declination deneb eclipse
    ecliptic enceladus equinox europa galaxy ganymede halley halo hyperion io jupiter lyra magnetar mars
    mercury meridian meteor moon nebula neptune nova observatory orbit orion parallax parsec perigee phobos
    planet pleiades polaris pulsar quasar redshift rigel saturn sirius solstice supernova telescope titan
    transit triton vega venus zenith
  `),
  biology: words(`
    adaptation anatomy antenna biome biosphere biota blastula botany canopy cell chitin chrysalis clade
    cocoon colony coral cuticle ecology ecosystem ecotone embryo evolution exoskeleton feather forest fossil
    genus gill habitat heredity hibernation homeostasis instinct keystone larva lichen lineage mammal meadow
    membrane metabolism migration mimicry molt mutation nectar nest niche organ organism phylum plankton
    plumage pollination reef savanna scale seed species spore symbiosis taxon territory tissue trait tundra
    vertebra wetland wing
  `),
  chemistry: words(`
    acetone acid alchemy alkali alloy amalgam ammonia anion anode argon atom base benzene beryllium bond
    boron bromine burette calcium carbon catalyst cathode cation chromium cobalt colloid copper crucible
    crystal distillate electrolyte element emulsion enthalpy entropy ester ethanol flask fluorine gallium
    halogen helium hydrogen indicator iodine ion iridium isomer isotope krypton lithium magnesium mixture
    molecule neon nickel nitrogen osmium oxide oxygen palladium pipette platinum polymer potassium radical
    reagent resin silicon solute solvent sulfur titanium titration valence xenon zinc
  `),
  computer_science: words(`
    abstraction algorithm array assembler automaton backtrack bitmap boolean branch buffer byte cache
    checksum cipher closure codec compiler complexity concurrency coroutine cursor daemon database debugger
    decoder deque digest dispatcher encoder enum function generator grammar graph hash heap heuristic
    identifier index inference integer interpreter invariant iterator kernel lambda lexer linker lookup
    macro matrix monad mutex namespace node opcode operand packet parser pipeline pointer predicate protocol
    queue recursion register scheduler schema semaphore socket stack syntax thread token trie tuple variable
    vector
  `),
  countries: words(`
    albania andorra angola argentina armenia australia austria bahamas bahrain barbados belgium belize benin
    bhutan bolivia botswana brazil bulgaria cambodia cameroon canada chile colombia croatia cyprus denmark
    dominica ecuador egypt estonia fiji finland france gabon gambia georgia germany ghana greece grenada
    guatemala guyana hungary iceland india indonesia ireland italy jamaica japan jordan kenya kiribati laos
    latvia lesotho lithuania luxembourg madagascar malawi malaysia malta mexico monaco mongolia morocco
    namibia nepal norway oman panama paraguay peru poland portugal romania rwanda samoa senegal singapore
    slovakia slovenia spain sweden tanzania thailand togo tonga tunisia uruguay vanuatu vietnam zambia
  `),
  economy: words(`
    accrual annuity appraisal asset auction audit balance bank barter bond bourse broker budget bullion
    capital cashflow catalog charter coin commerce commodity consumer contract cooperative credit currency
    customer deposit discount dividend endowment equity escrow export factory franchise futures goods grant
    guild hedge import income index industry insurer inventory invoice journal ledger lender liquidity
    margin market merchant mint patent payroll pension portfolio premium price profit quota rebate receipt
    retailer revenue royalty salary savings share stipend subsidy supplier surplus tariff trade treasury
    tribute trust turnover utility vendor voucher wage warehouse wealth yield
  `),
  food: words(`
    almond apricot artichoke avocado bagel baguette baklava biscuit blueberry bouillon bread brioche broth
    burrito caramel cashew cheddar cherry chestnut chowder chutney cinnamon couscous cracker croissant
    crumpet curry custard dumpling espresso falafel feta focaccia fondue ginger gnocchi granola guacamole
    hazelnut honey hummus kimchi lasagna lemonade macaroon mango marmalade meringue muesli muffin mustard
    noodle nougat nutmeg omelette pancake papaya paprika pesto pickle pierogi pistachio pizza polenta
    porridge pretzel pudding quiche ramen ratatouille ravioli risotto saffron samosa scone sorbet souffle
    strudel sushi taco tapas tempura tiramisu toffee tofu truffle vanilla waffle walnut yogurt
  `),
  general: words(`
    acorn adventure afternoon anchor anthem arrow balloon banner basket beacon bell bicycle blanket bonfire
    book bottle bracelet breeze brook bucket button candle carousel chair clock cloud compass cookie cottage
    cradle curtain diary door dream drum echo emblem envelope feather festival fiddle flag garden gift glove
    hammock harbor hat holiday horizon idea journey kettle key kite ladder lamp lantern letter locket
    lullaby map marble market mirror mitten morning necklace notebook paddle parade parcel pebble pencil
    picnic pillow pocket postcard puzzle quilt rainbow ribbon riddle ring sail scarf shadow signal smile
    song spark spoon story suitcase teapot thimble ticket tunnel umbrella voyage wagon whisper window
  `),
  geography: words(`
    altitude antarctica archipelago arctic arroyo atlas atoll basin bay beach bluff border butte canal
    canyon cape cartography cave channel cliff coast continent cove delta desert dune equator escarpment
    estuary fjord geyser glacier gorge gulf harbor headland hemisphere highland hill inlet island isthmus
    karst lagoon lake latitude longitude lowland mainland marsh meander mesa monsoon moor mountain oasis
    ocean outback pass peak peninsula plain plateau prairie province rapids ravine reef ridge river savanna
    sea sound spring steppe strait stream summit terrain tide tributary tundra valley volcano waterfall
    watershed
  `),
  history: words(`
    abacus abdication academy agora alliance almanac amphora annals antiquity archive armada artifact
    assembly astrolabe babylon byzantium caravan caravel carthage cartouche census century charter chivalry
    chronicle citadel codex coronation crown decade decree delegate diplomat dynasty edict embassy emperor
    enlightenment epoch era excavation expedition explorer forum frontier galleon guild heirloom heraldry
    herald hieroglyph jubilee kingdom knight legacy legend longship manuscript market medieval millennium
    monarch monument museum navigator nomad obelisk papyrus parchment pharaoh philosopher pilgrim pioneer
    pyramid relic renaissance republic reform scribe scroll senate settlement sphinx sundial tournament
    treaty troy troubadour viking
  `),
  literature: words(`
    acrostic allegory alliteration analogy anecdote anthology aphorism archetype author autobiography ballad
    bard bibliography biography canto chapter character chorus classic comedy couplet critic dialogue diary
    drama editor elegy epic epigram epilogue epistle essay fable fairytale fantasy fiction folklore foreword
    glossary haiku hero hyperbole iamb idiom imagery irony legend library limerick memoir metaphor meter
    monologue motif myth narrator novel novella ode palindrome parable paradox paragraph parody pen
    playwright plot poem poet preface prologue prose protagonist proverb pun quatrain reader refrain rhyme
    romance saga satire scene simile soliloquy sonnet stanza storyteller subplot symbol tale theme tragedy
    trilogy verse vignette writer
  `),
  math: words(`
    abscissa addend algebra angle area arithmetic asymptote average axiom bijection binomial calculus
    cardinal centroid chord circle circumference coefficient cone conjecture constant coordinate corollary
    cosine cube curve cylinder decimal derivative determinant diagonal diameter digit dimension divisor
    ellipse equation exponent factor factorial formula fraction function geometry group helix hexagon
    hyperbola hypotenuse icosahedron identity inequality infinity integer integral intersection isometry
    lattice lemma limit locus logarithm manifold matrix maximum median modulus monoid numeral octagon
    ordinal parabola parity pentagon percentile perimeter permutation polygon polynomial prime prism proof
    quotient radius ratio remainder rhombus ring scalar secant sequence series set sine slope sphere square
    sum tangent tensor tetrahedron theorem topology torus triangle variance vector vertex
  `),
  medicine: words(`
    acupressure allergist anatomist anesthetist antibody antidote antiseptic artery aspirin bandage bedside
    cardiology caregiver checkup clinic clinician compress convalescent cornea cure dentist dermatology
    diagnosis diaphragm dietitian doctor dosage elixir endoscope femur gauze healer healing heartbeat
    hygiene immunity inhaler insulin laboratory lens ligament medic midwife monitor muscle neurology nurse
    nutrition ointment optician orthopedist oximeter pathology patient pediatrics penicillin pharmacist
    pharmacy physician physiology prognosis pulse recovery reflex rehab remedy retina rhythm scalpel scanner
    splint sternum stethoscope stretcher surgeon syrup tablet telehealth tendon therapist therapy
    thermometer tibia tonic tonsil treatment triage ultrasound vaccine vein vitamin wellness xray
  `),
  microbiology: words(`
    actinomycete aerobe agar algae amoeba anaerobe antigen archaea aseptic aspergillus autoclave autotroph
    bacillus bacteria bacteriophage biofilm broth budding capsid capsule chemostat chlorella ciliate cilium
    coccus colony culture cyanobacteria cyst diatom dilution dinoflagellate endospore eukaryote euglena
    extremophile fermentation fission flagellate flagellum fungus halophile hypha incubator inoculum isolate
    lactobacillus lichen medium methanogen microbe microbiome microscope mold mycelium mycology nitrifier
    nucleoid paramecium petri phage pilus plankton plasmid prokaryote protist protozoan psychrophile quorum
    radiolarian ribosome rhizobium rotifer slide smear spirillum spore stain staph stentor streptomyces
    substrate swab tardigrade thermophile vacuole vibrio volvox yeast zygospore
  `),
  molecular_biology: words(`
    adenine allele amino amplicon anticodon aptamer blot capsid chaperone chromatin chromosome cistron clone
    codon cofactor crispr cytosine cytosol deaminase dimer dna domain electrophoresis enhancer enzyme
    epigenome exon expression fold gel gene genome genotype guanine helicase helix histone hybrid inducer
    intron isoform kinase ligand ligase locus marker messenger methylation microarray motif nuclease
    nucleosome nucleotide oligomer operator operon palindrome pathway peptide phenotype phosphate plasmid
    polymerase primer probe promoter protease protein proteome purine pyrimidine receptor replication
    replicon reporter repressor residue ribosome ribozyme rna sequence silencer spliceosome splicing
    substrate telomerase telomere template terminator thymine transcript transcription transgene translation
    transposon uracil vector
  `),
  music: words(`
    accordion adagio allegro alto anthem aria arpeggio bagpipe ballad banjo baritone bass bassoon baton beat
    bolero bongo bugle cadence cadenza canon cantata capriccio carillon cello chant chime choir chord
    clarinet clavichord clef composer concerto conductor contralto counterpoint crescendo cymbal descant
    ditty drum duet dulcimer ensemble etude fanfare flute fugue gong guitar harmonica harmony harp
    harpsichord horn hymn interlude interval jazz lute lyre lyric madrigal mandolin maraca marimba mazurka
    measure medley melody metronome minuet nocturne oboe octave octet opera oratorio orchestra organ
    overture percussion pianist piano piccolo pitch polka polonaise prelude quartet quintet recital refrain
    rhapsody rhythm rondo samba saxophone scherzo serenade sitar sonata soprano staccato swing symphony
    tambourine tango tempo tenor timbre toccata tremolo trio trombone trumpet tuba tune ukulele vibrato
    viola violin vocalist waltz xylophone zither
  `),
  physics: words(`
    acceleration acoustics ampere amplitude antimatter barometer boson buoyancy capacitor charge circuit
    collider conductor coulomb current cyclotron density diffraction diode dipole dynamo elasticity electron
    energy entropy equilibrium farad fermion field fluid flux force frequency friction fulcrum fusion
    galvanometer gluon graviton gravity gyroscope hadron harmonic heat henry hertz hologram impulse inductor
    inertia insulator interference ion joule kelvin kinematics laser lens lepton lever luminosity magnet
    magnetism mass mechanics meson mirror momentum motion muon neutrino neutron newton nucleus ohm optics
    oscillator oscilloscope particle pendulum photon piston plasma polarity positron potential power
    pressure prism proton pulley quantum quark radiation refraction relativity resistor resonance solenoid
    soliton spectrum spin superconductor tension thermodynamics torque trajectory transformer turbulence
    vacuum velocity vibration viscosity volt vortex watt wave wavelength weber
  `),
  plants: words(`
    acacia acanthus agave alder aloe amaryllis anemone aspen aster azalea bamboo banyan baobab basil beech
    begonia birch bluebell bracken bramble buttercup cactus camellia carnation cedar chamomile chrysanthemum
    clematis clover cornflower cowslip crocus cypress daffodil dahlia daisy dandelion edelweiss elderberry
    elm eucalyptus fern fir forsythia foxglove freesia fuchsia gardenia gentian geranium ginkgo gladiolus
    goldenrod hawthorn hazel heather hibiscus holly hollyhock honeysuckle hyacinth hydrangea iris ivy
    jasmine juniper larch laurel lavender lilac lily linden lotus lupine magnolia mahogany mangrove maple
    marigold mimosa mint moss myrtle narcissus nettle oak oleander orchid oregano palm pansy peony
    periwinkle petunia pine poplar poppy primrose redwood reed rhododendron rose rosemary sage sequoia
    snowdrop sorrel spruce sumac sunflower sycamore tamarind teak thistle thyme tulip verbena violet willow
    wisteria yarrow yew zinnia
  `),
  science: words(`
    analysis anomaly apparatus assay astrophysics beaker bias biochemistry biophysics calibration caliper
    centrifuge chronometer classification climate conclusion control correlation cosmology cryogenics curve
    data datum deduction detector discovery ecology electronics equation error estimate evidence experiment
    fact fieldwork forecast formula galvanism genetics geochemistry geology geophysics gradient graph
    hydrology hypothesis inference inquiry instrument invention journal kinetics lab laboratory law lecture
    linguistics magnetometer measurement mechanism meteorology method metric microscope mineralogy model
    neuroscience observation oceanography optics outlier paleontology paradigm parameter particle phenomenon
    photometer precision prediction principle probe proof property protocol quantity reaction replica
    research result sample scale seismology sensor simulation specimen spectrometer spectrum statistic study
    survey system taxonomy telescope test theory thesis tracer trial unit validation variable vaccine
  `),
  scientists: words(`
    abel agnesi ampere archimedes aristotle avogadro babbage bernoulli bohr boltzmann boole born bose boyle
    brahe cantor carson cauchy cavendish celsius chandrasekhar chatelet copernicus coulomb curie cuvier
    dalton darwin dirac eddington edison einstein erdos euclid euler faraday fermat fermi feynman fibonacci
    fleming foucault fourier franklin galilei galois galvani gauss germain goodall haldane halley hamilton
    harvey hawking heaviside hermann herschel hertz hilbert hodgkin hooke hopper hubble humboldt huygens
    hypatia jenner johnson joliot joule kepler khwarizmi kirchhoff kovalevskaya lagrange lamarr laplace
    lavoisier leavitt leeuwenhoek leibniz linnaeus lorentz lovelace maxwell mcclintock meitner mendel
    mendeleev michelson mirzakhani mitchell morgan newton nightingale noether oersted ohm pascal pasteur
    pauli pauling payne penrose planck poincare ptolemy pythagoras ramanujan ride riemann roentgen rubin
    rutherford sagan shannon snow somerville tesla torricelli turing volta watt wegener wiles wu yalow
  `),
  sports: words(`
    acrobatics aikido archery arena athlete backhand backstroke badminton ball barbell baseball basketball
    baton biathlon billiards bobsled boule bowling butterfly captain champion chess climbing coach cricket
    croquet curling cycling dash decathlon defender discus diving dribble dugout equestrian fencing field
    finalist finish fitness football freestyle frisbee goal goalkeeper golf gymnast gymnastics halftime
    hammer handball handstand helmet heptathlon hockey home hurdle javelin jogger judo jump karate kayak
    kendo lacrosse lap league luge marathon match medal medalist midfielder netball olympiad orienteering
    paddle parkour pennant pentathlon pickleball pitcher podium polo putter race racket rally referee
    regatta relay rink rower rowing rugby runner sailing score scrimmage serve shuttlecock skateboard skater
    skating ski snooker snowboard soccer softball sprint sprinter squash stadium surfing swimmer taekwondo
    team tennis trampoline triathlon trophy tumbling umpire vault volleyball whistle windsurf winner yoga
  `),
  technology: words(`
    accelerometer actuator adapter airship amplifier android antenna app avatar backup battery beacon
    bluetooth broadband browser bulb cable calculator camera charger chip chipset circuit cloud compass
    computer conveyor dashboard desktop device diode display dock drone dynamo elevator emulator engine
    ethernet excavator fiber firewall firmware gadget gateway gear generator gimbal gyroscope hardware
    headset hologram hovercraft hydrofoil inkjet interface internet inverter jetpack joystick keyboard
    laptop laser lathe lidar locomotive loom maglev microchip microphone microwave modem module monitor
    motherboard motor mouse nanotube network notebook oscillator periscope phonograph photocopier pixel
    plotter plugin port printer processor projector propeller prototype radar radio reactor receiver relay
    robot rocket rotor router satellite scanner screen segway sensor server simulator smartphone software
    solenoid sonar speaker spreadsheet steamship submarine switch tablet telegraph telephone television
    terminal thermostat touchpad tractor transceiver transistor transmitter turbine typewriter webcam
    website widget windmill wireless zeppelin
  `),
};
