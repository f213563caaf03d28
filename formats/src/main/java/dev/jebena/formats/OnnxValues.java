package dev.jebena.formats;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads values in containers.
final class OnnxValues {
    private final OnnxReader reader;

    OnnxValues(OnnxReader reader) {
        this.reader = reader;
    }

    OnnxValue tensor(ProtobufReader in) {
        return new OnnxValue.Tensor(reader.tensor(in));
    }

    OnnxValue sparse(ProtobufReader in) {
        return new OnnxValue.Sparse(reader.sparse(in));
    }

    OnnxValue.Sequence sequence(ProtobufReader in) {
        List<OnnxValue> values = new ArrayList<>();
        while (in.next()) {
            element(in, values);
        }
        return new OnnxValue.Sequence(List.copyOf(values));
    }

    OnnxValue maybe(ProtobufReader in) {
        List<OnnxValue> values = new ArrayList<>();
        while (in.next()) {
            element(in, values);
        }
        if (values.size() > 1) {
            throw in.problem("an optional with " + values.size() + " values");
        }
        return new OnnxValue.Maybe(values.stream().findFirst());
    }

    /// Sequences and optionals have the same fields.
    private void element(ProtobufReader in, List<OnnxValue> values) {
        switch (in.field()) {
            case 3 -> values.add(tensor(in.message("TensorProto")));
            case 4 -> values.add(sparse(in.message("SparseTensorProto")));
            case 5 -> values.add(sequence(in.message("SequenceProto")));
            case 6 -> values.add(map(in.message("MapProto")));
            case 7 -> values.add(maybe(in.message("OptionalProto")));
            default -> in.skip();
        }
    }

    OnnxValue map(ProtobufReader in) {
        NumberList.LongBuilder numbers = new NumberList.LongBuilder();
        List<Object> keys = new ArrayList<>();
        Optional<OnnxValue.Sequence> values = Optional.empty();
        while (in.next()) {
            switch (in.field()) {
                case 3 -> in.varints(numbers);
                case 4 -> keys.add(in.text());
                case 5 -> values = Optional.of(sequence(in.message("SequenceProto")));
                default -> in.skip();
            }
        }
        keys.addAll(numbers.build());
        List<OnnxValue> found = values.map(OnnxValue.Sequence::values).orElse(List.of());
        if (found.size() != keys.size()) {
            throw in.problem(
                    "a map with %d keys and %d values".formatted(keys.size(), found.size()));
        }
        return new OnnxValue.Map(List.copyOf(keys), found);
    }
}
