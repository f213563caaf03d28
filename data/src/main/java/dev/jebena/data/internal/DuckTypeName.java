package dev.jebena.data.internal;

import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.ListOf;
import dev.jebena.data.FeatureType.Struct;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;
import java.util.ArrayList;
import java.util.List;

/// Reads the name of a type as DuckDB writes it: `STRUCT(a BIGINT, b VARCHAR[])[]`.
final class DuckTypeName {
    private final String text;
    private int at;

    DuckTypeName(String text) {
        this.text = text;
    }

    FeatureType parse() {
        FeatureType type = type();
        while (at < text.length() && text.charAt(at) == '[') {
            at = text.indexOf(']', at) + 1;
            type = new ListOf(type);
        }
        return type;
    }

    private FeatureType type() {
        if (skip("STRUCT(")) {
            return new Struct(fields());
        }
        if (skip("MAP(")) {
            FeatureType key = parse();
            skip(", ");
            FeatureType value = parse();
            skip(")");
            return new ListOf(new Struct(Features.of("key", key).with("value", value)));
        }
        int from = at;
        int depth = 0;
        while (at < text.length() && (depth > 0 || ",)[".indexOf(text.charAt(at)) < 0)) {
            depth += text.charAt(at) == '(' ? 1 : text.charAt(at) == ')' ? -1 : 0;
            at++;
        }
        return scalar(text.substring(from, at));
    }

    private static FeatureType scalar(String name) {
        if (name.startsWith("DECIMAL(")) {
            String[] parts = name.substring(8, name.length() - 1).split(",");
            return FeatureType.decimal(
                    Integer.parseInt(parts[0].strip()), Integer.parseInt(parts[1].strip()));
        }
        return switch (DuckTypes.kind(name)) {
            case BOOL -> Value.BOOL;
            case INT -> Value.INT64;
            case FLOAT -> Value.FLOAT64;
            case BINARY -> Value.BINARY;
            case DATE -> Value.DATE;
            case TIME -> Value.TIME;
            case TIMESTAMP -> Value.TIMESTAMP;
            case INSTANT -> Value.INSTANT;
            default -> Value.STRING;
        };
    }

    private Features fields() {
        List<String> names = new ArrayList<>();
        List<FeatureType> types = new ArrayList<>();
        while (at < text.length() && !skip(")")) {
            names.add(name());
            skip(" ");
            types.add(parse());
            skip(", ");
        }
        return Features.of(names, types);
    }

    private String name() {
        StringBuilder name = new StringBuilder();
        if (!skip("\"")) {
            while (at < text.length() && text.charAt(at) != ' ') {
                name.append(text.charAt(at++));
            }
            return name.toString();
        }
        while (at < text.length() && !(text.charAt(at) == '"' && !text.startsWith("\"\"", at))) {
            at += text.charAt(at) == '"' ? 1 : 0;
            name.append(text.charAt(at++));
        }
        at++;
        return name.toString();
    }

    private boolean skip(String expected) {
        boolean there = text.startsWith(expected, at);
        at += there ? expected.length() : 0;
        return there;
    }
}
