package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;

/// Weights of all gates of a recurrent layer, `[gates * size, inputs]`.
sealed interface GateWeights {
    int rows();

    int columns();

    /// The product of x with the transposed rows `from` to `to` - 1.
    Tensor times(Tensor x, int from, int to);

    record Floats(Tensor matrix) implements GateWeights {
        @Override
        public int rows() {
            return matrix.dim(0);
        }

        @Override
        public int columns() {
            return matrix.dim(1);
        }

        @Override
        public Tensor times(Tensor x, int from, int to) {
            return x.matmul(matrix.slice(0, from, to).t());
        }
    }

    /// 8-bit integers, which what they are multiplied with becomes, too.
    ///
    /// @param matrix transposed, less the zero point, as float32
    /// @param scale one, or one for each row
    record Integers(Tensor matrix, Tensor scale) implements GateWeights {
        @Override
        public int rows() {
            return matrix.dim(1);
        }

        @Override
        public int columns() {
            return matrix.dim(0);
        }

        @Override
        public Tensor times(Tensor x, int from, int to) {
            QuantizeOperators.Rounded rounded = QuantizeOperators.dynamic(x);
            Tensor a = IntegerOperators.less(rounded.values(), rounded.zero());
            Tensor product = IntegerOperators.multiply(a, matrix.slice(1, from, to));
            Tensor scales = scale.rank() == 0 ? scale : scale.slice(0, from, to);
            return product.to(DType.FLOAT32).mul(scales.mul(rounded.scale()));
        }
    }

    /// Weights `[directions, inputs, gates * size]` with scale and zero point for all or for each
    /// of the last axis; those of one direction.
    static GateWeights quantized(Call call, int weight, int scale, int direction) {
        Tensor matrix = call.tensor(weight).select(0, direction);
        Tensor zero = call.has(scale + 1) ? one(call.tensor(scale + 1), direction) : null;
        if (call.element(weight) != OnnxElement.INT8 && call.element(weight) != OnnxElement.UINT8) {
            throw call.problem("weights are %s, 8-bit integers are needed", call.element(weight));
        }
        return new Integers(
                IntegerOperators.less(matrix, zero), one(call.tensor(scale), direction));
    }

    private static Tensor one(Tensor parameters, int direction) {
        Tensor own =
                parameters.rank() > 0 && parameters.dim(0) > direction
                        ? parameters.select(0, direction)
                        : parameters;
        return own.size() == 1 ? own.reshape(Shape.scalar()) : own;
    }
}
