package dev.jebena.compute;

import dev.jebena.compute.x86.CodeMemory;
import dev.jebena.compute.x86.CpuFeatures;

/// What this machine offers for kernels that are assembled at run time; for people who ask why it
/// is fast or slow.
///
/// @param features names of the CPU's groups of instructions that kernels make use of, best last;
///   empty where no code can be assembled
/// @param executable whether the process may have executable memory: `yes` and how, or `no` and why
/// @param refused whether it is the system's settings that forbid executable memory
public record MachineCode(String features, String executable, boolean refused) {
    public static MachineCode here() {
        return new MachineCode(
                CpuFeatures.detected().toString(), CodeMemory.explanation(), CodeMemory.refused());
    }
}
