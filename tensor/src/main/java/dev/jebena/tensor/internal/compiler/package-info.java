/// The compiler of graphs: [Simplifier] makes a graph smaller, [Fusion] cuts it into nests of loops
/// and calls of kernels, [Memory] gives their results places in one block, [Program] runs it.
@NullMarked
package dev.jebena.tensor.internal.compiler;

import org.jspecify.annotations.NullMarked;
