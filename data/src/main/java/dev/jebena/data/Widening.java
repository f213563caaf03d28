package dev.jebena.data;

import dev.jebena.data.FeatureType.Kind;
import dev.jebena.data.FeatureType.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One type for the values of two.
final class Widening {
    private static final Pattern DECIMAL = Pattern.compile("decimal\\d+\\((\\d+), (-?\\d+)\\)");

    private Widening() {}

    static @Nullable Value of(Value a, Value b) {
        if (a.kind() == Kind.DECIMAL && b.kind() == Kind.DECIMAL) {
            return decimals(a.dtype(), b.dtype());
        }
        if (a.kind() == b.kind()) {
            return switch (a.kind()) {
                case INT -> mixedInts(a.dtype(), b.dtype());
                case FLOAT -> Value.FLOAT64;
                case STRING -> Value.STRING;
                case BINARY -> Value.BINARY;
                case DATE -> Value.DATE;
                case TIME -> Value.TIME;
                case TIMESTAMP -> Value.TIMESTAMP;
                case INSTANT -> Value.INSTANT;
                case DURATION -> Value.DURATION;
                case NULL, BOOL, DECIMAL -> a;
            };
        }
        boolean numbers = isNumber(a) && isNumber(b);
        return numbers ? Value.FLOAT64 : null;
    }

    private static boolean isNumber(Value value) {
        return value.kind() == Kind.INT || value.kind() == Kind.FLOAT;
    }

    private static Value mixedInts(String a, String b) {
        boolean unsigned = a.equals("uint64") || b.equals("uint64");
        return unsigned ? new Value(Kind.INT, "uint64") : Value.INT64;
    }

    private static Value decimals(String a, String b) {
        Matcher x = DECIMAL.matcher(a);
        Matcher y = DECIMAL.matcher(b);
        if (!x.matches() || !y.matches()) {
            return Value.FLOAT64;
        }
        int scale = Math.max(number(x, 2), number(y, 2));
        int whole = Math.max(number(x, 1) - number(x, 2), number(y, 1) - number(y, 2));
        return FeatureType.decimal(whole + scale, scale);
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    static @Nullable Features of(Features a, Features b) {
        List<String> names = new ArrayList<>(a.names());
        List<FeatureType> types = new ArrayList<>(a.types());
        for (int i = 0; i < b.size(); i++) {
            int at = a.indexOf(b.name(i));
            if (at < 0) {
                names.add(b.name(i));
                types.add(b.type(i));
                continue;
            }
            FeatureType both = FeatureType.widest(a.type(at), b.type(i));
            if (both == null) {
                return null;
            }
            types.set(at, both);
        }
        return Features.of(names, types);
    }
}
