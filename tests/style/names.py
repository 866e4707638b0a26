"""Names of currents in public models, one current a line, as MOD files, NEST, Brian and papers write it."""

CURRENTS = [
    line.split()
    for line in """
Na INa I_Na ina hh.ina soma(0.5).hh.ina hh_traub.ina HHna.ina NaV.ina sodium
NaT NaTa_t.ina nat.ina I_NaT NaTa.ina
NaF naf.ina I_NaF nafast.ina Naf.ina
NaTs2_t.ina NaTs.ina
nax.ina Naaxon.ina I_Nax
Nav1.6 Nav1_6.ina na16.ina Nav16.ina
na12.ina Nav1.2
NaTg.ina Nav1.1 NaTg2.ina
na3.ina
NaP nap.ina INaP.ina Nap_Et2.ina TC_Nap_Et2.ina I_NaP
naslow.ina nas.ina
NaR I_NaR
napf.ina
K IK I_K ik hh.ik HH2new.ik hhPyr.ik TC_HH.ik
Kd I_Kd Kd.ik kd.ik KD.ik
kdr.ik Kdr.ik I_KDR KDR ikdr kdrcurrent.ik
kv.ik Kv.ik StochKv.ik
Kv1.1 Kv1_1.ik Kv11.ik
k2.ik K2.ik
Kv1.5 Kv1_5.ik
KA IA kA.ik iA.ik TC_iA.ik A.ik I_A ch_KvA.ik
K_Tst.ik K_T.ik
kap.ik kaprox.ik ik_kap
kad.ik kadist.ik
Kv4.2 Kv42.ik Kv4_3.ik
Kv1.4 Kv14.ik
SKv3_1.ik Kv3_1.ik Kv3.1 StochKv3.ik ik_SKv3_1
K_Pst.ik K_P.ik
kv21.ik Kv21.ik Kv2.1
kfast.ik kf.ik
Kv33.ik Kv3.3
Kv34.ik Kv3_4.ik
I_hERG
KCa I_KCa kca.ik IKCa.ik kc.ik KC.ik TC_iC.ik
SK SK_E2.ik ik_SK_E2 sk.ik SK2.ik Kca2_2.ik ch_KCaS.ik I_SK(pA) IKSK g_SK i_sk
BK bk.ik kBK.ik I_BK TC_KCa_bk.ik Kca1_1.ik ch_KvCaB.ik
kna.ik I_KNa
Kca3_1.ik Kca3.1 glia__dbbs__Kca3_1__0.ik
cagk.ik
IM Im.ik km.ik KM.ik I_M kmb.ik
kir.ik Kir2_3.ik TC_Kir.ik Kir21.ik TC_kir_Con15.ik
ks.ik IKs.ik kslow.ik
Im_v2.ik Kv723.ik KCNQ
I_KATP
Ca ICa ica ca.ica Ca.ica ICa.ica Ca_current
CaS ICaS
Ca_HVA.ica Ca_HVA2.ica HVA.ica
CaP CaP.ica cap.ica
CaR car.ica
cah.ica cahigh.ica
CaT ICaT I_T cat.ica it.ica TC_iT_Des98.ica Icat.ica ch_CavT.ica IN_iT.ica
Ca_LVAst.ica Ca_LVA.ica
Cav3.1 Cav3_1.ica
Cav3.2 Cav32.ica
Cav3_3.ica
CaL cal.ica I_CaL TC_iL.ica ch_CavL.ica
cav12.ica Cav1.2 Cav12.ica
Cav13.ica
calH.ica
CaN can.ica I_CaN ch_CavN.ica
cav22.ica Cav2.2
Cav2_1.ica
h H Ih I_h Ih.ihcn hd.i hcn.ik TC_ih.ih ch_HCN.i ar.i
HCN1.ih HCN1
HCN2
Kh.ik
leak L I_L IL pas.i hh.il il_hh Passive.i Leak.il
naleak.i TC_Naleak.ina
kleak.i TC_Kleak.ik
cl_leak
GABA_A GABAA.i gaba.i ProbGABAAB_EMS.i_GABAA g_gaba_a
I_syn_in gsyn_inh I_inh
glycine
iCl chloride
IPSC
GABA_B GABAb.i ProbGABAAB_EMS.i_GABAB
AMPA ampa.i ProbAMPANMDA2.i_AMPA I_AMPA
I_syn_ex gsyn_exc i_exc
kainate i_kainate
Glutamate.i GLU.iglu
AmpaNmda.i AMPA_NMDA
EPSC
NMDA nmda.i ProbAMPANMDA2.i_NMDA NMDA_gao.iNMDA
nmda_ca
pump pump.ina NaK_pump nakpump.ik I_pump Na-K_pump
NCX nacax.ica nacx.ina
CaPump.ica PMCA
SERCA
NKCC1
w adapt
AHP I_AHP kahp.ik
I_sfa
mAHP
skahp.ik sAHP
ExpSyn.i expsyn.i syn.i
gap Gap.i gap_junction
Exp2Syn.i tmgsyn.i
i_cap I_cap capacitive_current
ICAN ican.i
I_total i_membrane
""".strip().splitlines()
]

#: Names that look like another's, with the family that they have.
FALSE_FRIENDS = {
    "AMPA": "kainate i_kainate AMPA_NMDA ampanmda.i epsc_total glutamate Ampa_det",
    "GABA": "IPSC chlorine IClCa I_CaCC gaba.icl inhibition",
    "NMDA": "nmda_ca ica_nmda NMDA.ica",
    "leak": "kleak k_leak K_leak.ik naleak.ina cl_leak clleak.icl leakage Il pasR.i HzLeak.i kl.ik",
    "Na persistent": "nap nap.ina I_Na_p NaP_K persistent",
    "Na": "hh.ina hh2.ina nat naV Ina Na+ I(Na)",
    "K": "hh.ik HHst.ik dr d potassium K+ I[K] hhI.ik",
    "K slow": "Im km musc KATP K_ATP Kir23.ik",
    "K A-type": "IKa.ik kamt_ka.ik ch_KvAproxp.ik",
    "K(Ca)": "IKSK i_sk iSK ISK I_SK(pA) I-SK isk.ik ibk slo1egl19.ik",
    "pump": "NaK_pump Na/K-ATPase NCX NKCC1 kcc2 nacax.ica cadifpmp.ica",
    "Ca": "CaP cap.ica I_CaP Ca2+ Ca2+_current",
    "Ca N-type": "CaN can.ica I_CaN",
    "Ca T-type": "catt.ica it.ica itGHK.ica IN_iT.ica",
    "h": "hsus.i ar_hnn.i I_h_(nS) hcn.ina TC_ih_Bud97.ih",
    None: "link calbindin calmodulin calretinin i_cap icap I_cap i_capacitive capacitive_current i_mem "
    "imem i_membrane i_membrane_ skin sky task background kinetics kin kick nan name native nano cation "
    "case cable cage ICAN ican.i I_can hist I_hold holding I_inj IClamp.i stim I_ext noise tonic I_total "
    "residual axial gap glia glucose except excess inhomogeneous clock clamp climb wake drug E_K ENa V_m "
    "vm cell_a",
}
