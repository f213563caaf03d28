package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What the CPU offers and the system has switched on, as far as the kernels ask for it.
///
/// The system property `jebena.cpu` restricts it, so that the code for lesser CPUs can be tried on
/// a better one: a list of names as in [Feature], each with all that it needs. `avx512` stands for
/// all of AVX-512's extensions; `-name` takes one away: `avx2`, `avx2,avxvnni`, `avx512,-bf16`.
public record CpuFeatures(Set<Feature> features) {
    static final String PROPERTY = "jebena.cpu";

    /// Groups of instructions.
    public enum Feature {
        /// AVX2 with FMA, F16C and BMI2.
        AVX2,
        /// VNNI's dot products in VEX form.
        AVXVNNI,
        /// AVX-512 F, BW, DQ, VL and CD.
        AVX512F,
        /// VNNI's dot products in EVEX form.
        VNNI,
        /// Permutations of bytes.
        VBMI,
        /// Dot products of bfloat16.
        BF16;

        boolean isAvx512() {
            return this != AVX2 && this != AVXVNNI;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public CpuFeatures {
        features = Set.copyOf(features);
    }

    /// The features of this CPU without what `jebena.cpu` takes away; none where code cannot be
    /// assembled.
    public static CpuFeatures detected() {
        return Detected.VALUE;
    }

    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    /// Whether the kernels for 512 bits can be used: AVX-512 with VNNI.
    public boolean avx512() {
        return has(Feature.AVX512F) && has(Feature.VNNI);
    }

    /// Whether the kernels for 256 bits can be used.
    public boolean avx2() {
        return has(Feature.AVX2);
    }

    /// These features restricted to a list as of `jebena.cpu`; an empty list restricts nothing.
    public CpuFeatures only(String list) {
        if (list.isBlank()) {
            return this;
        }
        Set<Feature> allowed = EnumSet.noneOf(Feature.class);
        for (String word : list.toLowerCase(Locale.ROOT).split(",")) {
            String name = word.strip();
            if (name.equals("none")) {
                continue;
            }
            if (name.startsWith("-")) {
                allowed.remove(named(name.substring(1)));
            } else if (name.equals("avx512")) {
                allowed.add(Feature.AVX2);
                allowed.addAll(EnumSet.range(Feature.AVX512F, Feature.BF16));
            } else {
                allowed.add(named(name));
                allowed.add(Feature.AVX2);
                if (named(name).isAvx512()) {
                    allowed.add(Feature.AVX512F);
                }
            }
        }
        Set<Feature> left = EnumSet.noneOf(Feature.class);
        left.addAll(features);
        left.retainAll(allowed);
        return new CpuFeatures(left);
    }

    private static Feature named(String name) {
        for (Feature feature : Feature.values()) {
            if (feature.toString().equals(name)) {
                return feature;
            }
        }
        throw new IllegalArgumentException(
                "-D%s: \"%s\" is not one of none, avx512, %s"
                        .formatted(PROPERTY, name, Arrays.toString(Feature.values())));
    }

    @Override
    public String toString() {
        return features.stream().sorted().map(Feature::toString).collect(Collectors.joining(" "));
    }

    private static final class Detected {
        static final CpuFeatures VALUE =
                CodeMemory.shared()
                        .map(CpuFeatures::ask)
                        .orElse(new CpuFeatures(Set.of()))
                        .only(System.getProperty(PROPERTY, ""));
    }

    /// Asks the CPU; see CPUID in the Intel SDM volume 2A, leaves 1 and 7.
    private static CpuFeatures ask(CodeMemory memory) {
        Routine cpuid = memory.routine(cpuidStub());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(16);
            int leaves = word(cpuid, 0, 0, out, 0);
            int basic = word(cpuid, 1, 0, out, 2);
            if (leaves < 7 || !bits(basic, 12, 27, 28, 29)) {
                return new CpuFeatures(Set.of());
            }
            int system = word(cpuid, -1, 0, out, 0);
            int b7 = word(cpuid, 7, 0, out, 1);
            int c7 = word(cpuid, 7, 0, out, 2);
            int more = word(cpuid, 7, 0, out, 0) >= 1 ? word(cpuid, 7, 1, out, 0) : 0;
            return decode(system, b7, c7, more);
        }
    }

    private static CpuFeatures decode(int system, int b7, int c7, int a71) {
        Set<Feature> found = EnumSet.noneOf(Feature.class);
        if (!bits(system, 1, 2) || !bits(b7, 5, 8)) {
            return new CpuFeatures(found);
        }
        found.add(Feature.AVX2);
        if (bits(a71, 4)) {
            found.add(Feature.AVXVNNI);
        }
        if (bits(system, 5, 6, 7) && bits(b7, 16, 17, 28, 30, 31)) {
            found.add(Feature.AVX512F);
            if (bits(c7, 11)) {
                found.add(Feature.VNNI);
            }
            if (bits(c7, 1)) {
                found.add(Feature.VBMI);
            }
            if (bits(a71, 5)) {
                found.add(Feature.BF16);
            }
        }
        return new CpuFeatures(found);
    }

    private static boolean bits(int word, int... numbers) {
        for (int number : numbers) {
            if ((word >>> number & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    /// One of eax, ebx, ecx, edx (0 to 3) of a leaf; leaf -1 is XGETBV.
    private static int word(Routine cpuid, int leaf, int subleaf, MemorySegment out, int register) {
        cpuid.call(leaf, subleaf, out.address(), 0, 0, 0);
        return out.getAtIndex(ValueLayout.JAVA_INT, register);
    }

    private static Assembler cpuidStub() {
        var a = Assembler.avx2("cpuid");
        a.push(Gpr.RBX);
        a.mov(Gpr.R8, Gpr.RDX);
        a.mov(Gpr.RAX, Gpr.RDI);
        a.mov(Gpr.RCX, Gpr.RSI);
        Label system = a.label("system");
        Label end = a.label("end");
        a.test(Gpr.RAX, Gpr.RAX);
        a.jcc(Condition.S, system);
        a.cpuid();
        a.jmp(end);
        a.bind(system);
        a.xgetbv();
        a.bind(end);
        a.mov(mem(Gpr.R8, 0), Gpr.RAX.dword());
        a.mov(mem(Gpr.R8, 4), Gpr.RBX.dword());
        a.mov(mem(Gpr.R8, 8), Gpr.RCX.dword());
        a.mov(mem(Gpr.R8, 12), Gpr.RDX.dword());
        a.pop(Gpr.RBX);
        a.ret();
        return a;
    }
}
