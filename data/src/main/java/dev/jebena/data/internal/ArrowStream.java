package dev.jebena.data.internal;

import dev.jebena.data.DataLimits;
import dev.jebena.data.Features;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The schema, and then the batches of rows with the dictionaries that hold for each.
final class ArrowStream {
    private final ArrowMessage.Reader messages;
    private final DataLimits limits;
    private final List<ArrowField> fields;
    private final Map<Long, ArrowField> dictionaryTypes = new HashMap<>();
    private final Features features;
    private Map<Long, ArrowColumn> dictionaries = Map.of();

    ArrowStream(ArrowMessage.Reader messages, DataLimits limits) throws IOException {
        this.messages = messages;
        this.limits = limits;
        ArrowMessage first = messages.next();
        if (first == null || first.kind() != ArrowMessage.SCHEMA) {
            throw new IndexOutOfBoundsException("it does not begin with a schema");
        }
        if (first.header().shortAt(0, 0) != 0) {
            throw new IndexOutOfBoundsException("big-endian data is not read");
        }
        this.fields = ArrowField.of(first.header());
        fields.forEach(this::collect);
        this.features = FeaturesJson.refine(ArrowField.features(fields), metadata(first.header()));
    }

    private static @Nullable String metadata(FlatTable schema) {
        for (int i = 0; i < schema.length(2); i++) {
            FlatTable pair = schema.element(2, i);
            if ("huggingface".equals(pair.text(0))) {
                return pair.text(1);
            }
        }
        return null;
    }

    private void collect(ArrowField field) {
        if (field.index() != null) {
            dictionaryTypes.put(field.dictionary(), field);
        }
        field.children().forEach(this::collect);
    }

    List<ArrowField> fields() {
        return fields;
    }

    Features features() {
        return features;
    }

    /// Those of the batch that [#next] gave last.
    Map<Long, ArrowColumn> dictionaries() {
        return dictionaries;
    }

    /// The next batch of rows; null at the end.
    @Nullable ArrowMessage next() throws IOException {
        ArrowMessage message = messages.next();
        while (message != null && message.kind() != ArrowMessage.ROWS) {
            if (message.kind() != ArrowMessage.DICTIONARY) {
                throw new IndexOutOfBoundsException("a message of kind " + message.kind());
            }
            addDictionary(message);
            message = messages.next();
        }
        return message;
    }

    private void addDictionary(ArrowMessage message) throws IOException {
        long id = message.header().longAt(0, 0);
        ArrowField type = dictionaryTypes.get(id);
        if (type == null) {
            throw new IndexOutOfBoundsException("a dictionary " + id + " that no column has");
        }
        ArrowField values =
                new ArrowField(
                        type.name(),
                        type.tag(),
                        type.width(),
                        type.unit(),
                        type.signed(),
                        type.zone(),
                        type.precision(),
                        -1,
                        null,
                        type.children());
        List<ArrowColumn> columns =
                ArrowBatch.columns(
                        message.header().need(1, "data"),
                        message.body().load(),
                        new ArrayList<>(List.of(values)),
                        dictionaries,
                        limits.blockBytes());
        ArrowColumn column = columns.getFirst();
        ArrowColumn before = dictionaries.get(id);
        boolean delta = message.header().byteAt(2, 0) != 0;
        Map<Long, ArrowColumn> changed = new HashMap<>(dictionaries);
        changed.put(id, before != null && delta ? new ArrowColumn.Joined(before, column) : column);
        dictionaries = changed;
    }
}
