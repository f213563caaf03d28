package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Sequences and optionals.
final class SequenceOperators {
    private SequenceOperators() {}

    static void addTo(Operators all) {
        all.one("SequenceEmpty", call -> new Datum.Sequence(List.of()));
        all.one("SequenceConstruct", SequenceOperators::construct);
        all.one("SequenceLength", call -> number(call.sequence(0).size()));
        all.one("SequenceAt", call -> call.sequence(0).get(place(call, 1, 0)));
        all.one("SequenceInsert", SequenceOperators::insert);
        all.one("SequenceErase", SequenceOperators::erase);
        all.one("SplitToSequence", SequenceOperators::split);
        all.one("ConcatFromSequence", SequenceOperators::concat);
        all.many("SequenceMap", SequenceOperators::map);
        all.one(
                "Optional",
                call ->
                        new Datum.Maybe(
                                call.has(0) ? Optional.of(call.datum(0)) : Optional.empty()));
        all.one("OptionalGetElement", SequenceOperators::element);
        all.one("OptionalHasElement", SequenceOperators::hasElement);
    }

    private static Datum number(long value) {
        return Datum.of(Tensor.scalar(value, DType.INT64));
    }

    private static Datum construct(Call call) {
        List<Datum> values = new ArrayList<>();
        for (int i = 0; i < call.inputs().size(); i++) {
            values.add(call.datum(i));
        }
        return new Datum.Sequence(values);
    }

    /// An index of the sequence that the input gives, from 0; `beyond` more are allowed.
    private static int place(Call call, int input, int beyond) {
        int size = call.sequence(0).size();
        long place = call.scalar(input);
        if (place < -size || place >= size + beyond) {
            throw call.problem("index %d is out of range for a sequence of %d", place, size);
        }
        return (int) (place < 0 ? place + size : place);
    }

    private static Datum insert(Call call) {
        List<Datum> values = new ArrayList<>(call.sequence(0));
        values.add(call.has(2) ? place(call, 2, 1) : values.size(), call.datum(1));
        return new Datum.Sequence(values);
    }

    private static Datum erase(Call call) {
        List<Datum> values = new ArrayList<>(call.sequence(0));
        values.remove(call.has(1) ? place(call, 1, 0) : values.size() - 1);
        return new Datum.Sequence(values);
    }

    private static Datum split(Call call) {
        Shape shape = ShapeOperators.of(call.datum(0));
        int axis = call.axis(call.integer("axis", 0), shape.rank());
        int length = shape.dim(axis);
        boolean keep = call.has(1) || call.integer("keepdims", 1) != 0;
        int[] lengths;
        if (call.has(1) && call.tensor(1).rank() == 1) {
            lengths = call.ints(1);
        } else {
            int size = call.has(1) ? Math.toIntExact(call.scalar(1)) : 1;
            if (size < 1) {
                throw call.problem("pieces of %d elements", size);
            }
            lengths = PartOperators.equal(length, Math.ceilDiv(length, size));
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = Math.min(size, length - i * size);
            }
        }
        List<Datum> pieces = new ArrayList<>();
        int begin = 0;
        for (int piece : lengths) {
            int from = begin;
            pieces.add(
                    Moves.of(
                            call.datum(0),
                            x -> {
                                Tensor part = x.narrow(axis, from, piece);
                                return keep ? part : part.squeeze(axis);
                            }));
            begin += piece;
        }
        return new Datum.Sequence(pieces);
    }

    private static Datum concat(Call call) {
        List<Datum> values = call.sequence(0);
        if (values.isEmpty()) {
            throw call.problem("the sequence is empty");
        }
        int axis = call.number("axis", 0);
        return Moves.join(
                values,
                tensors ->
                        call.flag("new_axis")
                                ? Tensors.stack(axis, tensors)
                                : Tensors.concat(axis, tensors));
    }

    private static List<Datum> map(Call call) {
        Plan body = call.graph("body");
        int count = call.sequence(0).size();
        List<List<Datum>> results = new ArrayList<>();
        body.outputs().forEach(name -> results.add(new ArrayList<>()));
        for (int i = 0; i < count; i++) {
            List<Datum> given = new ArrayList<>();
            for (int input = 0; input < call.inputs().size(); input++) {
                Datum datum = call.datum(input);
                if (datum instanceof Datum.Sequence sequence && sequence.values().size() != count) {
                    throw call.problem("sequences of %d and %d", count, sequence.values().size());
                }
                given.add(
                        datum instanceof Datum.Sequence sequence
                                ? sequence.values().get(i)
                                : datum);
            }
            List<Datum> made = body.run(given, call.scope());
            for (int output = 0; output < made.size(); output++) {
                results.get(output).add(made.get(output));
            }
        }
        return results.stream().map(values -> (Datum) new Datum.Sequence(values)).toList();
    }

    private static Datum element(Call call) {
        Datum datum = call.datum(0);
        return datum instanceof Datum.Maybe maybe
                ? maybe.value().orElseThrow(() -> call.problem("the optional is empty"))
                : datum;
    }

    private static Datum hasElement(Call call) {
        boolean has =
                call.has(0)
                        && (!(call.datum(0) instanceof Datum.Maybe maybe)
                                || maybe.value().isPresent());
        return Datum.of(Tensor.scalar(has ? 1L : 0L, DType.BOOL));
    }
}
