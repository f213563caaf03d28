package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxNode;
import dev.jebena.onnx.Datum;

/// Nodes and data in messages.
final class Describe {
    private Describe() {}

    /// `node "conv1" (Conv, opset 13)`; nodes without a name go by their first output.
    static String of(OnnxNode node, long opset) {
        String name = node.name();
        if (name.isEmpty()) {
            name = node.outputs().isEmpty() ? "" : node.outputs().getFirst();
        }
        String domain = node.domain().isEmpty() ? "" : node.domain() + ":";
        return "node \"%s\" (%s%s, opset %d)".formatted(name, domain, node.operator(), opset);
    }

    static String of(Datum datum) {
        return switch (datum) {
            case Datum.Numbers numbers -> numbers.element() + numbers.tensor().shape().toString();
            case Datum.Texts texts -> "STRING" + texts.shape();
            case Datum.Sequence sequence -> "a sequence of " + sequence.values().size();
            case Datum.Maybe maybe ->
                    maybe.value().map(v -> "optional " + of(v)).orElse("an empty optional");
        };
    }
}
