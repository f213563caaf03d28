/// Machine code for x86-64, assembled at run time.
///
/// A kernel is a short Java method that calls one method of [dev.jebena.compute.x86.Assembler] for
/// each instruction, in the order of Intel's manuals (destination first), so that it reads like the
/// loop it emits. [dev.jebena.compute.x86.CodeMemory] makes the bytes executable and callable;
/// [dev.jebena.compute.x86.CpuFeatures] tells which instructions there are.
///
/// ```java
/// var a = Assembler.avx512("dot");
/// Gpr[] in = a.arguments(3);                                 // x, y, count of 64-byte blocks
/// var sum = a.vector();
/// a.clear(sum);
/// a.loop(in[2], () -> {
///     var x = a.vector();
///     a.vmovups(x, mem(in[0], 0));
///     a.vfmadd231ps(sum, x, mem(in[1], 0));
///     a.add(in[0], 64);
///     a.add(in[1], 64);
/// });
/// a.leave();
/// ```
@NullMarked
package dev.jebena.compute.x86;

import org.jspecify.annotations.NullMarked;
