package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.ListOf;
import dev.jebena.data.FeatureType.Media;
import dev.jebena.data.FeatureType.Struct;
import dev.jebena.data.Features;
import dev.jebena.data.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows as JSON for the viewer of data sets: pictures and sounds are addresses, and where a page
/// becomes too long its long cells are cut. For one request.
final class ViewerCells {
    /// What a cell that is cut keeps.
    private static final int CUT = 100;

    /// Where a picture or sound can be had.
    interface Assets {
        /// @param cell the way to the value: column, fields, places in lists, each encoded, with
        ///   `/` between
        String address(long row, String cell, MediaKind kind);
    }

    private final Assets assets;
    private final List<String> truncated = new ArrayList<>();
    private long left;
    private long row;

    /// @param most characters of JSON on the page, about
    ViewerCells(Assets assets, long most) {
        this.assets = assets;
        this.left = most;
    }

    /// The columns, as `features` of the viewer's replies.
    static List<Object> features(Features features) {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            all.add(
                    HttpJson.object(
                            "feature_idx",
                            i,
                            "name",
                            features.name(i),
                            "type",
                            features.type(i).json()));
        }
        return all;
    }

    /// True when a cell had to be cut.
    boolean isTruncated() {
        return !truncated.isEmpty();
    }

    /// @param rowsLeft of the page, with this one: they share what is left of it
    Map<String, @Nullable Object> row(long number, Row values, int rowsLeft) {
        row = number;
        long most = Math.max(0, left) / rowsLeft;
        Features features = values.features();
        Map<String, @Nullable Object> cells = HttpJson.object();
        long[] sizes = new long[features.size()];
        for (int i = 0; i < sizes.length; i++) {
            String name = features.name(i);
            Object cell = cell(values.get(i), features.type(i), Links.encoded(name), most);
            sizes[i] = size(cell);
            cells.put(name, cell);
        }
        List<String> cut = new ArrayList<>();
        long size = Arrays.stream(sizes).sum();
        for (int i = 0; i < sizes.length && size > most; i++) {
            if (sizes[i] > CUT && !(features.type(i) instanceof Media)) {
                String name = features.name(i);
                cells.put(name, cut(cells.get(name)));
                cut.add(name);
                size -= sizes[i] - CUT;
            }
        }
        left -= size;
        truncated.addAll(cut);
        return HttpJson.object("row_idx", number, "row", cells, "truncated_cells", cut);
    }

    private static long size(@Nullable Object cell) {
        return cell instanceof String text ? text.length() + 2L : HttpJson.text(cell).length();
    }

    private static String cut(@Nullable Object cell) {
        String text = cell instanceof String s ? s : HttpJson.text(cell);
        int end = Math.min(CUT, text.length());
        boolean pair = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, pair ? end - 1 : end);
    }

    /// @param most more bytes than this are not even turned into text: they will be cut
    private @Nullable Object cell(
            @Nullable Object value, FeatureType type, String path, long most) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> media when type instanceof Media kind -> media(media, kind, path);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> all = HttpJson.object();
                map.forEach((key, item) -> {
                    String name = String.valueOf(key);
                    String inner = path + "/" + Links.encoded(name);
                    all.put(name, cell(item, fieldType(type, name), inner, most));
                });
                yield all;
            }
            case List<?> list -> {
                FeatureType element = type instanceof ListOf of ? of.element() : type;
                List<@Nullable Object> all = new ArrayList<>(list.size());
                for (Object item : list) {
                    all.add(cell(item, element, path + "/" + all.size(), most));
                }
                yield all;
            }
            case byte[] bytes -> {
                int kept = bytes.length > most ? CUT : bytes.length;
                String text = Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, kept));
                // Longer than it may be, so that it counts as cut.
                yield kept < bytes.length ? text + " ".repeat((int) Math.min(most, 1 << 20)) : text;
            }
            case Double number -> Double.isFinite(number) ? (Object) number : null;
            case LocalDateTime time -> DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
            case Temporal time -> time.toString();
            case Duration time -> time.toString();
            case BigDecimal number -> number.toPlainString();
            default -> value;
        };
    }

    private static FeatureType fieldType(FeatureType type, String name) {
        return type instanceof Struct struct && struct.fields().indexOf(name) >= 0
                ? struct.fields().type(name)
                : FeatureType.Value.NULL;
    }

    private @Nullable Object media(Map<?, ?> media, Media type, String path) {
        if (!(media.get("bytes") instanceof byte[] bytes)) {
            return null;
        }
        MediaKind kind = MediaKind.of(bytes);
        String address = assets.address(row, path, kind);
        return type.image()
                ? HttpJson.object("src", address, "height", kind.height(), "width", kind.width())
                : List.of(HttpJson.object("src", address, "type", kind.mediaType()));
    }
}
