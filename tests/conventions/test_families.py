import pytest
from names import FALSE_FRIENDS

from neo_currentscape.conventions.families import FAMILIES, family_of, told_by
from neo_currentscape.style.default_looks import assigned

NAMES = {
    "Na": "ina_nax Na INa I_Na hh.ina soma(0.5).hh.ina NaT NaF Nav1.6 nax.ina na3.ina NaTa_t.ina sodium",
    "Na persistent": "NaP INap I_NaP Nap_Et2.ina",
    "K": "K Kd IKd IKdr KDR ik ikdr hh.ik kdr.ik kv.ik StochKv.ik Kv1.2 kdr_soma",
    "K A-type": "ik_kap A IA KA kap.ik kad.ik K_Tst.ik K_T.ik",
    "K fast": "SKv3_1.ik Kv3_1.ik K_Pst.ik Kfast",
    "K(Ca)": "ik_SK_E2 KCa IKCa SK_E2.ik SK.ik BK cagk.ik kca.ik I_KNa",
    "K slow": "M IM Im.ik Im_v2.ik km.ik kir.ik Kslow",
    "Ca": "Ca CaS ICaS ica ca.ica Ca_HVA.ica CaHVA CaPQ CaR",
    "Ca L-type": "CaL ICaL cal.ica",
    "Ca N-type": "CaN can.ica",
    "Ca T-type": "CaT ICaT I_T cat.ica Ca_LVAst.ica CaLVA",
    "h": "h H Ih IH I_h hd.i Ih.ihcn_Ih",
    "leak": "il_hh i_pas leak Ileak I_L IL hh.il pas.i soma.pas.i Ileak_Na",
    "GABA": "GABAA GABA_A gaba.i I_syn_in gsyn_inh iCl ProbGABAAB.i_GABAA",
    "GABA_B": "GABAB GABA_B ProbGABAAB.i_GABAB",
    "AMPA": "AMPA i_AMPA ampa.i I_syn_ex gsyn_exc ProbAMPANMDA.i_AMPA",
    "NMDA": "NMDA i_NMDA nmda.i ProbAMPANMDA.i_NMDA",
    "pump": "pump NaK Na-K_pump pump.ina ina_pump",
    "adaptation": "w I_sfa AHP mAHP",
}


@pytest.mark.parametrize("family", FAMILIES)
def test_names_that_are_used(family):
    assert {name: family_of(name) for name in NAMES[family].split()} == dict.fromkeys(
        NAMES[family].split(), family
    )


@pytest.mark.parametrize(
    "name",
    ["ExpSyn.i", "Exp2Syn[0].i", "I1", "current 3", "soma", "dend", "axon", "I_ion", "E", "gap", "", "..."],
)
def test_names_that_say_nothing(name):
    assert family_of(name) is None


@pytest.mark.parametrize("family", FALSE_FRIENDS)
def test_names_that_look_like_others(family):
    names = FALSE_FRIENDS[family].split()
    assert {name: family_of(name) for name in names} == dict.fromkeys(names, family)


@pytest.mark.parametrize("case", [str.lower, str.upper, str])
@pytest.mark.parametrize(
    "name", ["I_SK", "SK.ik", "SK_E2.ik", "g_SK", "SK", "I_SK (pA)", "I_SK_E2", "SK_current"]
)
def test_case_and_separators_say_nothing(name, case):
    assert family_of(case(name)) == "K(Ca)"
    assert family_of(case(name).replace("_", "-")) == "K(Ca)"


@pytest.mark.parametrize(
    ("bracketed", "plain"),
    [
        ("K(Ca)", "KCa"),
        ("IK(Ca)", "KCa"),
        ("I_K(Ca)", "KCa"),
        ("K_(Ca)", "KCa"),
        ("K (Ca)", "KCa"),
        ("K[Ca]", "KCa"),
        ("K(Ca2+)", "KCa"),
        ("ik(ca)", "KCa"),
        ("gK(Ca)", "KCa"),
        ("I(K(Ca))", "KCa"),
        ("IKCa(mA/cm2)", "KCa"),
        ("K(Ca) (nA)", "KCa"),
        ("K(Ca)(soma)", "KCa"),
        ("soma(0.5).K(Ca)", "KCa"),
        ("K(Na)", "KNa"),
        ("K(ATP)", "KATP"),
        ("K(M)", "M"),
        ("K(A)", "KA"),
        ("K(DR)", "KDR"),
        ("I_K(V)", "Kv"),
        ("Na(P)", "NaP"),
        ("Na(T)", "NaT"),
        ("Ca(L)", "CaL"),
        ("I_Ca(L-type)", "CaL"),
        ("Ca(T)", "CaT"),
        ("Ca[N]", "CaN"),
        ("Ca(HVA)", "CaHVA"),
        ("K(leak)", "kleak"),
        # A place, a unit or a number says nothing of the current.
        ("Na(soma)", "Na"),
        ("K(nA)", "K"),
        ("K(0.5)", "K"),
        ("Ca[i]", "Ca"),
        ("Ca(dend)", "Ca"),
        ("I(Na)(pA)", "Na"),
    ],
)
def test_brackets_beside_an_ion_say_which_of_its_currents_it_is(bracketed, plain):
    assert told_by(bracketed)[0] == told_by(plain)[0] is not None
    assert own_look(bracketed) == own_look(plain)


@pytest.mark.parametrize(
    ("set_in_type", "plain"),
    [
        ("$I_{Na}$", "I_Na"),
        (r"$I_\mathrm{Kd}$", "I_Kd"),
        (r"$\mathregular{I_{NaP}}$", "I_NaP"),
        (r"$I_{\rm h}$", "I_h"),
        (r"$I_{\text{A}}$", "I_A"),
        ("I_{K(Ca)}", "KCa"),
        (r"$I_{\mathrm{K(Ca)}}$", "KCa"),
        (r"$I_\mathrm{GABA_{B}}$", "I_GABA_B"),
        ("$I_{Ca^{2+}}$", "I_Ca"),
        (r"$\bar{g}_{leak}$", "g_leak"),
        (r"$I_\mathrm{Ca,\ L}$", "I_Ca,L"),
    ],
)
def test_what_only_sets_a_name_says_nothing(set_in_type, plain):
    assert told_by(set_in_type)[0] == told_by(plain)[0] is not None
    assert own_look(set_in_type) == own_look(plain)


def own_look(name):
    return assigned([name], {}, {})[name]
