package dev.jebena.tracking;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What may stand in the filters and orders of one kind of thing: types with their other names,
/// attributes, and what each can be compared by.
final class FilterGrammar {
    static final Set<String> NUMBERS = set(">", ">=", "!=", "=", "<", "<=");
    static final Set<String> TEXTS = set("!=", "=", "LIKE", "ILIKE");
    static final Set<String> LISTS = set("!=", "=", "LIKE", "ILIKE", "IN", "NOT IN");
    static final Set<String> NULLS = set("!=", "=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL");
    static final Set<String> TRACE_TEXTS = set("!=", "=", "IN", "NOT IN", "LIKE", "ILIKE", "RLIKE");
    static final Set<String> TRACE_PAIRS =
            set("!=", "=", "LIKE", "ILIKE", "RLIKE", "IS NULL", "IS NOT NULL");
    static final Set<String> ANY =
            set(
                    "!=",
                    "=",
                    ">",
                    ">=",
                    "<",
                    "<=",
                    "LIKE",
                    "ILIKE",
                    "RLIKE",
                    "IS NULL",
                    "IS NOT NULL");

    /// How a type is compared. `keys` are the only keys that it has; null for any.
    record Type(Set<String> operators, boolean numeric, @Nullable Set<String> keys) {
        static Type of(Set<String> operators) {
            return new Type(operators, operators == NUMBERS, null);
        }
    }

    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, Type> types = new LinkedHashMap<>();
    private final Map<String, Boolean> attributes = new LinkedHashMap<>();
    private final Map<String, String> otherKeys = new LinkedHashMap<>();
    private final Set<String> listed = new LinkedHashSet<>();
    private final Set<String> ordered = new LinkedHashSet<>();
    private Set<String> textOperators = LISTS;

    private static Set<String> set(String... items) {
        return java.util.Collections.unmodifiableSet(new LinkedHashSet<>(List.of(items)));
    }

    FilterGrammar type(String name, Type type, String... otherNames) {
        types.put(name, type);
        names.put(name, name);
        for (String other : otherNames) {
            names.put(other, name);
        }
        return this;
    }

    FilterGrammar text(String... keys) {
        for (String key : keys) {
            attributes.put(key, false);
            ordered.add(key);
        }
        return this;
    }

    FilterGrammar number(String... keys) {
        for (String key : keys) {
            attributes.put(key, true);
            ordered.add(key);
        }
        return this;
    }

    /// Another name of an attribute.
    FilterGrammar same(String other, String key) {
        otherKeys.put(other, key);
        return this;
    }

    /// Text attributes that can be compared with a list.
    FilterGrammar lists(String... keys) {
        listed.addAll(List.of(keys));
        return this;
    }

    /// What text attributes are compared by, where it is not [#LISTS].
    FilterGrammar attributeOperators(Set<String> operators) {
        textOperators = operators;
        return this;
    }

    /// Attributes to order by that cannot stand in a filter.
    FilterGrammar orderOnly(String... keys) {
        ordered.addAll(List.of(keys));
        return this;
    }

    /// The type that a name before the dot means.
    String typeOf(String name) {
        String type = names.get(name);
        if (type == null) {
            throw MlflowError.invalid(
                    "Invalid entity type '"
                            + name
                            + "'. Valid values are ["
                            + quoted(types.keySet())
                            + "]");
        }
        return type;
    }

    Type type(String name) {
        Type type = types.get(name);
        if (type == null) {
            throw MlflowError.invalid("Invalid search expression type '" + name + "'");
        }
        return type;
    }

    /// An attribute's own name.
    String attribute(String key, boolean forOrder) {
        String own = otherKeys.getOrDefault(key, key);
        Set<String> valid = forOrder ? ordered : attributes.keySet();
        if (!valid.contains(own)) {
            throw MlflowError.invalid(
                    "Invalid attribute key '"
                            + key
                            + "' specified. Valid keys are '{"
                            + quoted(valid)
                            + "}'");
        }
        return own;
    }

    boolean isNumeric(FilterClause clause) {
        return clause.is(FilterClause.ATTRIBUTE)
                ? attributes.getOrDefault(clause.key(), false)
                : type(clause.type()).numeric();
    }

    Set<String> operators(FilterClause clause) {
        return clause.is(FilterClause.ATTRIBUTE)
                ? isNumeric(clause) ? NUMBERS : textOperators
                : type(clause.type()).operators();
    }

    void checkList(FilterClause clause) {
        if (clause.is(FilterClause.ATTRIBUTE) && !listed.contains(clause.key())) {
            throw MlflowError.invalid(
                    "Only ["
                            + quoted(listed)
                            + "] attributes support comparison with a list of quoted string"
                            + " values.");
        }
    }

    static String quoted(Set<String> words) {
        return "'" + String.join("', '", words) + "'";
    }
}
