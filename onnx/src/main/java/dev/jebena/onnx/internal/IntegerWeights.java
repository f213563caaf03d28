package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxElement;
import dev.jebena.formats.OnnxNode;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Constant weights of integer products as [IntegerOperators] multiplies them, less their zero
/// point. Those of which that leaves integers of 8 bits are such, matrices with the sums of their
/// columns as one more input of the node; others are float32, which takes four times the memory.
final class IntegerWeights {
    private static final String ZERO = " zero";
    private static final String COLUMNS = " columns";

    private IntegerWeights() {}

    /// Where a node has its weights and their zero point.
    ///
    /// @param columns the input behind the operator's own ones; for the sums of columns
    private record Place(int weight, int zero, int columns, boolean optional, boolean conv) {
        static @Nullable Place of(OnnxNode node) {
            return switch (Operators.key(node.domain(), node.operator())) {
                case "MatMulInteger" -> new Place(1, 3, 4, true, false);
                case "ConvInteger" -> new Place(1, 3, 4, true, true);
                case "QLinearMatMul" -> new Place(3, 5, 8, false, false);
                case "QLinearConv" -> new Place(3, 5, 9, false, true);
                case Operators.MICROSOFT + "DynamicQuantizeMatMul" ->
                        new Place(1, 3, 5, true, false);
                case Operators.MICROSOFT + "MatMulIntegerToFloat" ->
                        new Place(1, 5, 7, true, false);
                default -> null;
            };
        }
    }

    static OnnxNode prepared(OnnxNode node, Wiring wiring) {
        Place place = Place.of(node);
        if (place == null || node.inputs().size() > place.columns) {
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
            Tensor less = less(weight.tensor(), zero, place.conv);
            if (isOfBytes(less, place)) {
                Tensor bytes = less.to(DType.INT8);
                wiring.constants().put(made, Datum.of(bytes));
                if (!place.conv) {
                    Tensor sums = bytes.to(DType.INT32).sum(0).to(DType.INT32);
                    wiring.constants().put(made + COLUMNS, Datum.of(sums));
                }
            } else {
                wiring.constants().put(made, Datum.of(less));
            }
        }
        inputs.set(place.weight, made);
        if (wiring.constants().containsKey(made + COLUMNS)) {
            while (inputs.size() < place.columns) {
                inputs.add("");
            }
            inputs.add(made + COLUMNS);
        }
        if (!zeroName.isEmpty()) {
            wiring.constants().put(ZERO, Datum.of(Tensor.scalar(0L, DType.INT8)));
            inputs.set(place.zero, place.optional ? "" : ZERO);
        }
        return Names.withInputs(node, inputs);
    }

    private static boolean isOfBytes(Tensor weight, Place place) {
        return (place.conv ? weight.rank() > 2 : weight.rank() == 2)
                && weight.size() > 0
                && weight.min().item() >= Byte.MIN_VALUE
                && weight.max().item() <= Byte.MAX_VALUE;
    }

    private static Tensor less(Tensor weight, @Nullable Tensor zero, boolean conv) {
        Tensor shaped =
                zero == null || !conv ? zero : IntegerOperators.outputs(zero, weight.rank());
        return IntegerOperators.less(weight, shaped).contiguous();
    }
}
