"""The arms of the comparison: one binary of facesort, held to different arithmetic."""

import subprocess

from measuring import processor_flags

# Arithmetic from the slowest to the fastest, with what the processor needs for it.
ARITHMETIC = {
    "AVX2": {"avx2", "fma"},
    "AVX-512": {"avx512f", "avx512bw", "avx512dq", "avx512vl"},
    "bf16": {"avx512_bf16"},
}


class Target:
    """The targets, as multiples of the peer's photos per second: what must be reached, and the aim."""

    def __init__(self, must, aim):
        self.must = must
        self.aim = aim


# For all photos; and for the team shots alone, whatever the arithmetic.
TARGETS = {"AVX2": Target(3.5, 5), "AVX-512": Target(6, 8), "bf16": Target(12, 15)}
TEAM_TARGET = Target(5, 10)


class Arm:
    """One way to run facesort.

    arguments: added to its command line. environment: variables that are set.
    at_most: the fastest arithmetic that these allow.
    needs: arithmetic without which the arm would measure something else, or nothing.
    """

    def __init__(self, name, arguments=(), environment=None, at_most="bf16", needs=None):
        self.name = name
        self.arguments = list(arguments)
        self.environment = environment or {}
        self.at_most = at_most
        self.needs = needs


ARMS = (
    Arm("as is"),
    Arm("f32", ["--engine", "f32"], at_most="AVX-512"),
    Arm("bf16", ["--engine", "bf16"], needs="bf16"),
    Arm("f32, AVX2", ["--engine", "f32"], {"ONEDNN_MAX_CPU_ISA": "AVX2"},
        at_most="AVX2", needs="AVX2"),
    Arm("AVX-512 without bf16", [], {"ONEDNN_MAX_CPU_ISA": "AVX512_CORE"},
        at_most="AVX-512", needs="AVX-512"),
)


def fastest(flags):
    """The fastest arithmetic of a processor with these flags; None when it has none of them."""
    names = [name for name, needed in ARITHMETIC.items() if needed <= flags]
    return names[-1] if names else None


def arithmetic(arm, flags):
    """The arithmetic of an arm on this processor; None when there is no target for it."""
    best = fastest(flags)
    order = list(ARITHMETIC)
    return best and order[min(order.index(best), order.index(arm.at_most))]


def why_not(arm, flags, help_text):
    """Why an arm cannot be run here, as the end of a sentence; None when it can."""
    if arm.needs and not ARITHMETIC[arm.needs] <= flags:
        return f"the processor has no {arm.needs}"
    missing = [word for word in arm.arguments if word.startswith("-") and word not in help_text]
    if missing:
        return f"this facesort has no '{missing[0]}'"
    return None


def runnable(facesort, wanted=None):
    """The arms that this processor and this binary can run, and a sentence for each of the others."""
    flags = processor_flags()
    help_text = subprocess.run(
        [facesort, "help", "sort"], check=True, stdout=subprocess.PIPE).stdout.decode()
    chosen, skipped = [], []
    for arm in ARMS:
        if wanted and arm.name not in wanted:
            continue
        reason = why_not(arm, flags, help_text)
        if reason:
            skipped.append(f"arm '{arm.name}': {reason}")
        else:
            chosen.append(arm)
    return chosen, skipped
