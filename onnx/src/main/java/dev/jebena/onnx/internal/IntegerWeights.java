package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.formats.OnnxNode;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Constant weights of integer products as [IntegerOperators] multiplies them: float32, less their
/// zero point. They are made once; it takes four times the memory.
final class IntegerWeights {
    private static final String ZERO = " zero";

    private IntegerWeights() {}

    /// Where a node has its weights and their zero point.
    private record Place(int weight, int zero, boolean optional, boolean conv) {
        static @Nullable Place of(OnnxNode node) {
            return switch (Operators.key(node.domain(), node.operator())) {
                case "MatMulInteger" -> new Place(1, 3, true, false);
                case "ConvInteger" -> new Place(1, 3, true, true);
                case "QLinearMatMul" -> new Place(3, 5, false, false);
                case "QLinearConv" -> new Place(3, 5, false, true);
                case Operators.MICROSOFT + "DynamicQuantizeMatMul" -> new Place(1, 3, true, false);
                case Operators.MICROSOFT + "MatMulIntegerToFloat" -> new Place(1, 5, true, false);
                default -> null;
            };
        }
    }

    static OnnxNode prepared(OnnxNode node, Wiring wiring) {
        Place place = Place.of(node);
        if (place == null) {
            return node;
        }
        List<String> inputs = new ArrayList<>(node.inputs());
        String name = inputs.get(place.weight);
        String zeroName = place.zero < inputs.size() ? inputs.get(place.zero) : "";
        if (!(wiring.constants().get(name) instanceof Datum.Numbers weight)
                || (weight.element() != OnnxElement.INT8 && weight.element() != OnnxElement.UINT8)
                || !(zeroName.isEmpty()
                        || wiring.constants().get(zeroName) instanceof Datum.Numbers)) {
            return node;
        }
        String made = name + " less " + zeroName;
        if (!wiring.constants().containsKey(made)) {
            Tensor zero =
                    wiring.constants().get(zeroName) instanceof Datum.Numbers numbers
                            ? numbers.tensor()
                            : null;
            wiring.constants().put(made, Datum.of(less(weight.tensor(), zero, place.conv)));
        }
        inputs.set(place.weight, made);
        if (!zeroName.isEmpty()) {
            wiring.constants().put(ZERO, Datum.of(Tensor.scalar(0L, DType.INT8)));
            inputs.set(place.zero, place.optional ? "" : ZERO);
        }
        return Names.withInputs(node, inputs);
    }

    private static Tensor less(Tensor weight, @Nullable Tensor zero, boolean conv) {
        Tensor shaped =
                zero == null || !conv ? zero : IntegerOperators.outputs(zero, weight.rank());
        return IntegerOperators.less(weight, shaped).contiguous();
    }
}
