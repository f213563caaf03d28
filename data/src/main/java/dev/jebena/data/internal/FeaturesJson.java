package dev.jebena.data.internal;

import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.ClassLabel;
import dev.jebena.data.FeatureType.Kind;
import dev.jebena.data.FeatureType.ListOf;
import dev.jebena.data.FeatureType.Struct;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Types as Hugging Face writes them: in the metadata of Parquet and Arrow files and in the cards
/// of data sets.
public final class FeaturesJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MAX_METADATA = 16 << 20;
    private static final int MAX_DEPTH = 50;

    private FeaturesJson() {}

    /// The columns with the types that the metadata `huggingface` adds (class labels, pictures) to
    /// those of the file; the file's own where it has none or it is of other columns.
    static Features refine(Features stored, @Nullable String metadata) {
        if (metadata == null || metadata.length() > MAX_METADATA) {
            return stored;
        }
        try {
            Map<?, ?> all = JSON.readValue(metadata, Map.class);
            if (!(all.get("info") instanceof Map<?, ?> info)
                    || !(info.get("features") instanceof Map<?, ?> features)) {
                return stored;
            }
            List<FeatureType> types = new ArrayList<>();
            for (int i = 0; i < stored.size(); i++) {
                Optional<FeatureType> told = type(features.get(stored.name(i)), 0);
                FeatureType own = stored.type(i);
                types.add(told.filter(t -> refines(t) && isStoredAs(t, own)).orElse(own));
            }
            return Features.of(stored.names(), types);
        } catch (JacksonException _) {
            return stored;
        }
    }

    /// Whether values of one type lie in the file as values of the other.
    private static boolean isStoredAs(FeatureType told, FeatureType stored) {
        return switch (told) {
            case Value value -> stored instanceof Value s && s.kind() == value.kind();
            case ClassLabel _ -> stored instanceof Value s && s.kind() == Kind.INT;
            case FeatureType.Media _ ->
                    stored instanceof Struct s
                            && s.fields().names().equals(List.of("bytes", "path"));
            case ListOf list ->
                    stored instanceof ListOf s && isStoredAs(list.element(), s.element());
            case Struct struct ->
                    stored instanceof Struct s && areStoredAs(struct.fields(), s.fields());
        };
    }

    private static boolean areStoredAs(Features told, Features stored) {
        boolean same = told.names().equals(stored.names());
        for (int i = 0; same && i < told.size(); i++) {
            same = isStoredAs(told.type(i), stored.type(i));
        }
        return same;
    }

    /// Plain types are better known from the file itself.
    private static boolean refines(FeatureType type) {
        return switch (type) {
            case Value _ -> false;
            case ListOf list -> refines(list.element());
            case Struct struct -> struct.fields().types().stream().anyMatch(FeaturesJson::refines);
            default -> true;
        };
    }

    /// The type that a parsed piece of JSON describes.
    static Optional<FeatureType> type(@Nullable Object json, int depth) {
        if (depth > MAX_DEPTH) {
            return Optional.empty();
        }
        if (json instanceof List<?> list && list.size() == 1) {
            return type(list.getFirst(), depth + 1).map(ListOf::new);
        }
        if (!(json instanceof Map<?, ?> map)) {
            return Optional.empty();
        }
        return switch (String.valueOf(map.get("_type")).toLowerCase(Locale.ROOT)) {
            case "value" -> value(String.valueOf(map.get("dtype")));
            case "classlabel" -> Optional.of(new ClassLabel(names(map.get("names"))));
            case "image" -> Optional.of(FeatureType.IMAGE);
            case "audio" -> Optional.of(FeatureType.AUDIO);
            case "list", "largelist", "sequence" ->
                    type(map.get("feature"), depth + 1).map(ListOf::new);
            case "null" -> struct(map, depth);
            default -> Optional.empty();
        };
    }

    private static Optional<FeatureType> struct(Map<?, ?> map, int depth) {
        List<String> names = new ArrayList<>();
        List<FeatureType> types = new ArrayList<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Optional<FeatureType> type = type(entry.getValue(), depth + 1);
            if (type.isEmpty()) {
                return Optional.empty();
            }
            names.add(String.valueOf(entry.getKey()));
            types.add(type.get());
        }
        return Optional.of(new Struct(Features.of(names, types)));
    }

    private static List<String> names(@Nullable Object names) {
        return switch (names) {
            case List<?> list -> list.stream().map(String::valueOf).toList();
            case Map<?, ?> map -> map.values().stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
    }

    /// The plain type of Arrow's name; empty for a name that is none.
    public static Optional<FeatureType> value(String dtype) {
        Kind kind =
                switch (dtype.replaceAll("[\\[(].*", "")) {
                    case "null" -> Kind.NULL;
                    case "bool" -> Kind.BOOL;
                    case "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64" ->
                            Kind.INT;
                    case "float16", "float32", "float64" -> Kind.FLOAT;
                    case "decimal128", "decimal256" -> Kind.DECIMAL;
                    case "string", "large_string", "string_view" -> Kind.STRING;
                    case "binary", "large_binary", "binary_view" -> Kind.BINARY;
                    case "date32", "date64" -> Kind.DATE;
                    case "time32", "time64" -> Kind.TIME;
                    case "timestamp" -> dtype.contains("tz=") ? Kind.INSTANT : Kind.TIMESTAMP;
                    case "duration" -> Kind.DURATION;
                    default -> null;
                };
        return kind == null ? Optional.empty() : Optional.of(new Value(kind, dtype));
    }
}
