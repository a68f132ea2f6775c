"""Where the facts behind the rules come from, and how much of each source was read."""

RUNNERS_46 = "46 runners at 2.5 m/s, RBDS and RIC data, Fukuchi et al. 2017, CC BY 4.0 (computed from open data)"
BRAMAH = "Bramah 2018: 36 healthy runners, 3.2 m/s (full text read)"
DINGENEN = "Dingenen 2018: reliability of 2-D running analysis (abstract read)"
LIMA = "Lima 2018: meta-analysis of dorsiflexion and dynamic valgus (abstract read)"
MOUSAVI = "Mousavi 2021: running with 5 deg more toe-out (abstract read)"
PAN = "Pan 2023: left-right differences in runners (abstract read)"
ISKANDAR = "Iskandar 2023: 29.5 % of healthy runners cross over (abstract read)"
MALISOUX = "Malisoux 2023 (second-hand)"
POWDEN = "Powden 2015: review of the weight-bearing lunge test (abstract read)"
CALATAYUD = "Calatayud 2015: 26 students, 11.6 cm went with 40.6 deg (abstract read)"
BENNELL = "Bennell 1998: 3.6 deg for each cm (second-hand, as clinical pages quote it)"
FOUNDING = "the founding article (Kaplan, running-gait course blog): its author's view, not an established norm"
PROPOSAL = "a proposal of this project that no study validates"

FOUNDING_SOURCES = (FOUNDING, LIMA, MOUSAVI, PAN)
"""Behind the idea as a whole."""
