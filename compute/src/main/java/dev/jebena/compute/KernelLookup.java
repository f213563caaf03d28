package dev.jebena.compute;

import dev.jebena.compute.x86.CpuFeatures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Chooses the kernels, once.
///
/// The system property `jebena.kernels` may be `scalar`, `vector` or `x86`; without it the
/// assembled kernels are taken if the CPU has what they need, and for the rest the vector kernels
/// if their module is there.
final class KernelLookup {
    static final String PROPERTY = "jebena.kernels";

    private static final Kernels BEST = choose(System.getProperty(PROPERTY, ""), hasVectorModule());

    private KernelLookup() {}

    static Kernels best() {
        return BEST;
    }

    static Kernels choose(String wish, boolean vectorModule) {
        return switch (wish) {
            case "scalar" -> ScalarKernels.INSTANCE;
            case "vector" -> vectorOrScalar(vectorModule, true);
            case "x86", "" -> assembled(vectorModule, CpuFeatures.detected());
            default ->
                    throw new IllegalArgumentException(
                            "-D%s=%s: must be scalar, vector or x86".formatted(PROPERTY, wish));
        };
    }

    static List<Kernels> variants() {
        boolean vectorModule = hasVectorModule();
        CpuFeatures features = CpuFeatures.detected();
        Map<String, Kernels> variants = new LinkedHashMap<>();
        for (String cpu : List.of("", "avx2,avxvnni", "avx2", "none")) {
            Kernels kernels = assembled(vectorModule, features.only(cpu));
            variants.putIfAbsent(kernels.name(), kernels);
        }
        variants.putIfAbsent(ScalarKernels.INSTANCE.name(), ScalarKernels.INSTANCE);
        return List.copyOf(variants.values());
    }

    private static Kernels assembled(boolean vectorModule, CpuFeatures features) {
        // Without the module, which costs a start a tenth of a second, machine code does nearly
        // all.
        Kernels others =
                features.avx2() && !vectorModule
                        ? ScalarKernels.INSTANCE
                        : vectorOrScalar(vectorModule, !features.avx2());
        return X86Kernels.create(X86RowKernels.create(others, features), features);
    }

    /// @param atOnce whether they get compiled at once or when the first of them is needed
    private static Kernels vectorOrScalar(boolean vectorModule, boolean atOnce) {
        if (vectorModule) {
            return VectorKernelsLoader.load(atOnce);
        }
        System.getLogger(KernelLookup.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "slow scalar kernels: start java with --add-modules jdk.incubator.vector");
        return ScalarKernels.INSTANCE;
    }

    private static boolean hasVectorModule() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /// Apart, so that no class of the vector module is loaded where it is absent.
    private static final class VectorKernelsLoader {
        static Kernels load(boolean atOnce) {
            return atOnce ? VectorKernels.warming() : VectorKernels.warmingOnDemand();
        }
    }
}
