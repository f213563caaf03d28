package dev.jebena.llm.internal.constraint;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What all must be so of a value in one case of a schema: a conjunction without alternatives.
final class Facts {
    static final Set<String> TYPES =
            Set.of("object", "array", "string", "number", "boolean", "null");

    /// What one schema says of an object's members.
    ///
    /// @param additional null where the schema does not say it
    /// @param scopes the schemas with `unevaluatedProperties` that see it
    record Members(
            Map<String, @Nullable Object> properties,
            Map<String, @Nullable Object> patterns,
            @Nullable Object additional,
            String pointer,
            List<Object> scopes) {}

    /// What one schema says of an array's elements.
    ///
    /// @param rest null where the schema does not say it
    record Elements(
            List<@Nullable Object> prefix,
            @Nullable Object rest,
            String pointer,
            List<Object> scopes) {}

    /// Elements of which there must be a number.
    ///
    /// @param from the first place that counts
    /// @param most -1 for no bound
    record Mark(Literal element, int from, int least, int most, List<Object> scopes) {}

    /// A member under a name of `names` that must be there.
    record Witness(Language names, Literal value) {}

    /// What holds for everything that the schemas in the scope of `owner` leave over.
    record LeftOver(
            Object owner,
            @Nullable Object schema,
            boolean ofItems,
            String pointer,
            List<Object> scopes) {}

    /// Whether a schema inside the owner of `rest` has such a keyword as well, which takes all.
    boolean isTaken(LeftOver rest) {
        return leftOver.stream()
                .anyMatch(other ->
                        other.owner() != rest.owner()
                                && other.ofItems() == rest.ofItems()
                                && sees(rest.owner(), other.scopes()));
    }

    static boolean sees(Object owner, List<Object> scopes) {
        return scopes.stream().anyMatch(scope -> scope == owner);
    }

    final Set<String> types = new LinkedHashSet<>(TYPES);
    final Set<String> hints = new LinkedHashSet<>();
    boolean typed;
    boolean integer;
    boolean fraction;
    @Nullable List<@Nullable Object> values;
    final List<@Nullable Object> excluded = new ArrayList<>();

    NumberRange.@Nullable Bound low;
    NumberRange.@Nullable Bound high;
    final List<BigDecimal> multiples = new ArrayList<>();
    final List<BigDecimal> notMultiples = new ArrayList<>();

    int minLength;
    int maxLength = -1;
    final List<RegexNode> patterns = new ArrayList<>();
    final List<RegexNode> notPatterns = new ArrayList<>();

    int minItems;
    int maxItems = -1;
    boolean unique;
    final List<Elements> elements = new ArrayList<>();
    final List<Mark> marks = new ArrayList<>();

    int minMembers;
    int maxMembers = -1;
    final List<Members> members = new ArrayList<>();
    final Set<String> required = new LinkedHashSet<>();
    final Set<String> absent = new LinkedHashSet<>();
    final Map<String, List<Literal>> named = new LinkedHashMap<>();
    final List<Literal> names = new ArrayList<>();
    final List<Witness> witnesses = new ArrayList<>();

    final List<LeftOver> leftOver = new ArrayList<>();

    Facts copy() {
        Facts copy = new Facts();
        copy.types.retainAll(types);
        copy.hints.addAll(hints);
        copy.typed = typed;
        copy.integer = integer;
        copy.fraction = fraction;
        copy.values = values;
        copy.excluded.addAll(excluded);
        copy.low = low;
        copy.high = high;
        copy.multiples.addAll(multiples);
        copy.notMultiples.addAll(notMultiples);
        copy.minLength = minLength;
        copy.maxLength = maxLength;
        copy.patterns.addAll(patterns);
        copy.notPatterns.addAll(notPatterns);
        copy.minItems = minItems;
        copy.maxItems = maxItems;
        copy.unique = unique;
        copy.elements.addAll(elements);
        copy.marks.addAll(marks);
        copy.minMembers = minMembers;
        copy.maxMembers = maxMembers;
        copy.members.addAll(members);
        copy.required.addAll(required);
        copy.absent.addAll(absent);
        named.forEach((name, all) -> copy.named.put(name, new ArrayList<>(all)));
        copy.names.addAll(names);
        copy.witnesses.addAll(witnesses);
        copy.leftOver.addAll(leftOver);
        return copy;
    }

    boolean only(String type) {
        types.retainAll(Set.of(type));
        return !types.isEmpty();
    }

    void atLeast(BigDecimal value, boolean open) {
        int order = low == null ? 1 : value.compareTo(low.value());
        if (order > 0 || (order == 0 && open)) {
            low = new NumberRange.Bound(value, open);
        }
    }

    void atMost(BigDecimal value, boolean open) {
        int order = high == null ? -1 : value.compareTo(high.value());
        if (order < 0 || (order == 0 && open)) {
            high = new NumberRange.Bound(value, open);
        }
    }

    static int tighter(int a, int b) {
        return a < 0 ? b : b < 0 ? a : Math.min(a, b);
    }

    /// Whether types that cannot be so any more leave something; takes those away.
    boolean possible() {
        if (integer && fraction) {
            types.remove("number");
        }
        if (low != null && high != null) {
            int order = low.value().compareTo(high.value());
            if (order > 0 || (order == 0 && (low.open() || high.open()))) {
                types.remove("number");
            }
        }
        if (maxLength >= 0 && maxLength < minLength) {
            types.remove("string");
        }
        if (maxItems >= 0 && maxItems < minItems) {
            types.remove("array");
        }
        boolean contradicts = required.stream().anyMatch(absent::contains);
        if (contradicts
                || (maxMembers >= 0 && maxMembers < Math.max(minMembers, required.size()))) {
            types.remove("object");
        }
        return !types.isEmpty() && (values == null || !values.isEmpty());
    }
}
