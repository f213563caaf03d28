/// Layer 3: tensors, their derivatives, and functions of functions of them.
///
/// A [dev.jebena.tensor.Tensor] is a value. Whatever is done with it is one [dev.jebena.tensor.Op],
/// a sealed interface of about fifty records, which [dev.jebena.tensor.Tensor]'s methods build
/// after they broadcast and promote their operands. [dev.jebena.tensor.Dispatch] gives the op to
/// the innermost transformation that one of its inputs belongs to, and that one applies ops to
/// values of those outside it:
///
/// - no transformation: [dev.jebena.tensor.Eager] computes with native memory;
/// - [dev.jebena.tensor.GradLevel]: the op is done on the values inside and leaves a node, for
///   [dev.jebena.tensor.Tensor#backward()] and [dev.jebena.tensor.Grad];
/// - [dev.jebena.tensor.BatchLevel]: the op becomes one of a whole batch, for
///   [dev.jebena.tensor.Vmap];
/// - [dev.jebena.tensor.TraceLevel]: the op is noted in a [dev.jebena.tensor.Graph], which a
///   compiler or a file format takes from there.
///
/// So derivatives, which are written in operations of tensors, have derivatives, are mapped and are
/// traced, without another line. Each kind of rule is one exhaustive switch: shapes and errors in
/// [dev.jebena.tensor.Inference], derivatives in [dev.jebena.tensor.Derivatives], batches in
/// [dev.jebena.tensor.Batching], execution in [dev.jebena.tensor.Eager].
///
/// ```java
/// Rng rng = Rng.seed(42);
/// Tensor w = rng.normal(784, 10).mul(0.01).variable();
/// Tensor loss = x.matmul(w).crossEntropy(y);
/// Tensor next = w.detach().sub(loss.backward().of(w).mul(0.1));
/// ```
@NullMarked
package dev.jebena.tensor;

import org.jspecify.annotations.NullMarked;
