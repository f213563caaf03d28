/// Layers 1 and 2: memory, block formats, kernels and the threads that run them.
///
/// A [dev.jebena.compute.WeightMatrix] is a matrix of weights as it lies in a model file, in one of
/// the formats of [dev.jebena.compute.DataType]. A [dev.jebena.compute.FloatMatrix] holds
/// activations. [dev.jebena.compute.Kernels] computes with both, on the tiles that
/// [dev.jebena.compute.Workers] hands out:
///
/// ```java
/// Kernels kernels = Kernels.best();
/// workers.run(tiles, tile -> kernels.matmul(weights, x, y, tile * 64, tile * 64 + 64));
/// ```
@NullMarked
package dev.jebena.compute;

import org.jspecify.annotations.NullMarked;
