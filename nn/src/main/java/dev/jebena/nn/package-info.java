/// Neural networks: layers, losses, optimizers, and a training loop that ends with the same bits
/// when it is interrupted and resumed.
///
/// A [dev.jebena.nn.Block] has [dev.jebena.nn.Parameter]s under the names of PyTorch's checkpoints;
/// a [dev.jebena.nn.Layer] is a function of one tensor. Gradients are values that an
/// [dev.jebena.nn.Optimizer] takes:
///
/// ```java
/// Rng rng = Rng.seed(42);
/// Sequential model =
///         Sequential.of(Linear.of(784, 128, rng), Activation.GELU, Linear.of(128, 10, rng));
/// Optimizer optimizer = AdamW.of(model.parameters(), 1e-3);
/// for (Batch batch : DataLoader.of(digits, 64, 7)) {
///     Tensor loss = model.apply(batch.x()).crossEntropy(batch.y());
///     optimizer.step(loss.backward());
/// }
/// Weights.of(model).save(Path.of("digits.safetensors"));
/// ```
///
/// `docs/nn.md` lists all parts and what differs from PyTorch.
@NullMarked
package dev.jebena.nn;

import org.jspecify.annotations.NullMarked;
