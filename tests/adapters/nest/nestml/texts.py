"""Models of our own in NESTML, small, each with a trap or two."""

#: A conductance that is subtracted, an after-current, a leak without a name.
ADAPTING = """
model adapting_neuron:
    state:
        V_m mV = E_rest
        I_adapt pA = 0 pA
        wait_t ms = 0 ms
    equations:
        kernel k_up = exp(-t / tau_up)
        kernel k_low = t / tau_low * exp(1 - t / tau_low)
        inline I_up pA = one_nS * convolve(k_up, up_spikes) * (V_m - E_up)
        inline I_low pA = one_nS * convolve(k_low, low_spikes) * (V_m - E_low)
        V_m' = (-g_rest * (V_m - E_rest) - I_up - I_low - I_adapt + I_const + I_ext) / C_cell
        I_adapt' = -I_adapt / tau_adapt
        wait_t' = -1
    parameters:
        C_cell pF = 150 pF
        g_rest nS = 10 nS
        E_rest mV = -68 mV
        E_up mV = 5 mV
        E_low mV = -82 mV
        tau_up ms = 0.4 ms
        tau_low ms = 3 ms
        tau_adapt ms = 40 ms
        pause ms = 1.5 ms
        V_fire mV = -50 mV
        V_after mV = -62 mV
        I_const pA = 0 pA
    internals:
        one_nS nS = 1 nS
    input:
        up_spikes <- excitatory spike
        low_spikes <- inhibitory spike
        I_ext pA <- continuous
    output:
        spike
    update:
        if wait_t > 0 ms:
            integrate_odes(wait_t, I_adapt)
        else:
            integrate_odes(V_m, I_adapt)
    onCondition(wait_t <= 0 ms and V_m >= V_fire):
        wait_t = pause
        V_m = V_after
        I_adapt += 40 pA
        emit_spike()
"""

#: The same synapse written three ways: out of the cell, into it, and as a conductance in uS.
THREE_SIGNS = """
model three_signs_neuron:
    state:
        V_m mV = -65 mV
        g_c uS = 0.004 uS
    equations:
        kernel k = exp(-t / tau)
        recordable inline I_a pA = one * convolve(k, spikes) * (V_m - E_s)
        recordable inline I_b pA = one * convolve(k, spikes) * (E_s - V_m)
        g_c' = -g_c / tau
        V_m' = -(V_m + 65 mV) / tau_m + (I_b - I_a + g_c * (E_s - V_m) + I_e) / C_m
    parameters:
        C_m pF = 200 pF
        tau_m ms = 20 ms
        tau ms = 5 ms
        E_s mV = 0 mV
        I_e pA = 0 pA
    internals:
        one nS = 1 nS
    input:
        spikes <- spike
    output:
        spike
    update:
        integrate_odes()
"""

#: Gates through functions, two synapses in one sum that can be recorded, and a flag that cannot.
CHANNELS = """
model channels_neuron:
    state:
        V_m mV = -65 mV
        n real = 0.3
        g_x nS = 0 nS
        g_y nS = 0 nS
        open boolean = false
    equations:
        recordable inline I_both pA = g_x * (V_m - E_x) + g_y * (V_m - E_y)
        inline I_K pA = g_K * n**4 * (V_m - E_K)
        inline I_P pA = g_P * steady(V_m)**3 * (V_m - E_x)
        inline I_L pA = g_L * (V_m - E_L)
        inline I_flag pA = open ? 5 pA : 0 pA
        V_m' = (-(I_K + I_P + I_L) - I_both + I_flag + I_stim) / C_m
        n' = (steady(V_m) - n) / 4 ms
        g_x' = -g_x / tau_x
        g_y' = -g_y / tau_y
    parameters:
        C_m pF = 100 pF
        g_K nS = 60 nS
        g_P nS = 3 nS
        g_L nS = 5 nS
        E_K mV = -90 mV
        E_x mV = 0 mV
        E_y mV = -75 mV
        E_L mV = -60 mV
        tau_x ms = 2 ms
        tau_y ms = 6 ms
    input:
        x_spikes <- spike
        y_spikes <- spike
        I_stim pA <- continuous
    output:
        spike
    update:
        integrate_odes()
    onReceive(x_spikes):
        g_x += x_spikes * 1 nS * 1 s
    onReceive(y_spikes):
        g_y += y_spikes * 1 nS * 1 s
    function steady(V mV) real:
        low real = exp(-(V + 45 mV) / 8 mV)
        return 1 / (1 + low)
"""

#: A model whose equation of the voltage is still to be written, and forms of it that say the same.
FORM = """
model form_neuron:
    state:
        V_m mV = -70 mV
        I_x pA = 0 pA
        g_y nS = 0 nS
    equations:
        {}
        I_x' = -I_x / 4 ms
        g_y' = -g_y / 7 ms
    parameters:
        C_m pF = 150 pF
        R_m GOhm = 0.1 GOhm
        tau_m ms = 15 ms
        E_L mV = -70 mV
        E_y mV = -80 mV
        g_L nS = 10 nS
        I_e pA = 30 pA
    input:
        x_spikes <- spike
        y_spikes <- spike
        I_stim pA <- continuous
    output:
        spike
    update:
        integrate_odes()
    onReceive(x_spikes):
        I_x += x_spikes * 1 pA * 1 s
    onReceive(y_spikes):
        g_y += y_spikes * 1 nS * 1 s
"""

FORMS = (
    "V_m' = (-(V_m - E_L) + R_m * (I_x - g_y * (V_m - E_y) + I_e + I_stim)) / tau_m",
    "V_m' = (E_L - V_m) / tau_m + R_m / tau_m * (I_x + g_y * (E_y - V_m) + I_e + I_stim)",
    "V_m' = 1 / C_m * (g_L * (E_L - V_m) + I_x - g_y * (V_m - E_y) + I_e + I_stim)",
    "V_m' = (-(g_L + g_y) * V_m + g_L * E_L + g_y * E_y + I_x + I_e + I_stim) / C_m",
    "inline all_in pA = I_x + I_stim\n        V_m' = -g_L / C_m * (V_m - E_L)"
    " + (all_in + I_e - g_y * (V_m - E_y)) / C_m",
)

#: Neither a capacitance nor a current, and a potential of another name; synapses make it jump.
PLAIN = """
model plain_neuron:
    state:
        v mV = -70 mV
    equations:
        v' = -(v + 70 mV) / tau
    parameters:
        tau ms = 8 ms
    input:
        spikes <- spike
    output:
        spike
    update:
        integrate_odes()
    onReceive(spikes):
        v += 1 mV * spikes * 1 s
"""
