package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.broadcast;
import static dev.jebena.compute.x86.Memory.mem;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.Test;

class AssemblerTest {
    @Test
    void assembledLoopComputesADotProductWithAvx512() throws Throwable {
        assumeTrue(CpuFeatures.detected().avx512(), "no AVX-512 here");
        dotProductIsRight(Assembler.avx512("dot"));
    }

    @Test
    void assembledLoopComputesADotProductWithAvx2() throws Throwable {
        assumeTrue(CpuFeatures.detected().avx2(), "no AVX2 here");
        dotProductIsRight(Assembler.avx2("dot"));
    }

    private static void dotProductIsRight(Assembler a) throws Throwable {
        Gpr[] in = a.arguments(4); // x, y, count of vectors, result
        VectorRegister sum = a.vector();
        a.clear(sum);
        a.loop(
                in[2],
                () -> {
                    VectorRegister x = a.vector();
                    a.vmovups(x, mem(in[0], 0));
                    a.vfmadd231ps(sum, x, mem(in[1], 0));
                    a.add(in[0], a.vectorBytes());
                    a.add(in[1], a.vectorBytes());
                });
        VectorRegister scale = a.vector();
        a.fill(scale, 2f);
        a.vmulps(sum, sum, scale);
        a.vmovups(mem(in[3], 0), sum);
        a.leave();
        MethodHandle dot =
                CodeMemory.shared()
                        .orElseThrow()
                        .link(
                                a,
                                FunctionDescriptor.ofVoid(
                                        JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
        int lanes = a.vectorBytes() / 4;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment x = arena.allocate(JAVA_FLOAT, 5L * lanes);
            MemorySegment y = arena.allocate(JAVA_FLOAT, 5L * lanes);
            MemorySegment result = arena.allocate(JAVA_FLOAT, lanes);
            for (int i = 0; i < 5 * lanes; i++) {
                x.setAtIndex(JAVA_FLOAT, i, i);
                y.setAtIndex(JAVA_FLOAT, i, i % 3);
            }
            dot.invokeExact(x.address(), y.address(), 5L, result.address());
            for (int lane = 0; lane < lanes; lane++) {
                float expected = 0;
                for (int i = lane; i < 5 * lanes; i += lanes) {
                    expected += i * (i % 3);
                }
                assertThat(result.getAtIndex(JAVA_FLOAT, lane)).isEqualTo(2 * expected);
            }
        }
    }

    @Test
    void codeForAvx2RefusesWhatNeedsAvx512() {
        var a = Assembler.avx2("refused");
        assertThatThrownBy(() ->
                        a.vaddps(
                                VectorRegister.ymm(0),
                                VectorRegister.ymm(1),
                                broadcast(Gpr.RDI, 0)))
                .hasMessage("vaddps with these operands needs AVX-512, but this code is for AVX2");
    }

    @Test
    void listingShowsOffsetBytesAndText() {
        var a = Assembler.avx512("listed").listed();
        a.vpdpbusd(VectorRegister.zmm(1), VectorRegister.zmm(2), broadcast(Gpr.RDI, 4));
        assertThat(a.listing())
                .isEqualTo("    0  62f26d58504f01           vpdpbusd zmm1, zmm2, [rdi+0x4]{1to16}");
    }

    @Test
    void registersAreFreeAgainAfterTheirScope() {
        var a = Assembler.avx2("scopes");
        VectorRegister outer = a.vector();
        a.inScope(() -> assertThat(a.vectors(15)[14].number()).isEqualTo(15));
        assertThat(outer.number()).isZero();
        assertThat(a.vector().number()).isEqualTo(1);
    }
}
