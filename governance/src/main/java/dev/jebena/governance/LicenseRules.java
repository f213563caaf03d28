package dev.jebena.governance;

import static dev.jebena.governance.LicenseTrait.ATTRIBUTION;
import static dev.jebena.governance.LicenseTrait.COPYLEFT;
import static dev.jebena.governance.LicenseTrait.NAMED;
import static dev.jebena.governance.LicenseTrait.NETWORK_COPYLEFT;
import static dev.jebena.governance.LicenseTrait.NO_DERIVATIVES;
import static dev.jebena.governance.LicenseTrait.PUBLIC_DOMAIN;
import static dev.jebena.governance.LicenseTrait.RESEARCH_ONLY;
import static dev.jebena.governance.LicenseTrait.SHARE_ALIKE;
import static dev.jebena.governance.LicenseTrait.USE_RESTRICTED;
import static dev.jebena.governance.LicenseTrait.WEAK_COPYLEFT;
import static dev.jebena.governance.LicenseVerdict.Level.ALLOWED;
import static dev.jebena.governance.LicenseVerdict.Level.CONDITIONS;
import static dev.jebena.governance.LicenseVerdict.Level.CONFLICT;
import static dev.jebena.governance.LicenseVerdict.Level.REVIEW;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Whether something under one licence may be made of something under another: the rules, one after
/// the other, each with its reason and where it is written. This is no legal advice; it finds what
/// a lawyer should look at.
public final class LicenseRules {
    private static final String CC = "https://creativecommons.org/share-your-work/cclicenses/";
    private static final String CC_COMPATIBLE =
            "https://creativecommons.org/share-your-work/licensing-considerations/compatible-licenses/";
    private static final String GNU = "https://www.gnu.org/licenses/license-list.html";
    private static final String NONE = "https://choosealicense.com/no-permission/";
    private static final String CC_AI =
            "https://creativecommons.org/using-cc-licensed-works-for-ai-training-2/";

    /// Licences that what comes of a copyleft or share-alike licence may come under besides itself.
    private static final Map<String, Set<String>> SUCCESSORS =
            Map.ofEntries(
                    Map.entry("cc-by-sa-3.0", Set.of("cc-by-sa-4.0", "gpl-3.0")),
                    Map.entry("cc-by-sa-4.0", Set.of("gpl-3.0")),
                    Map.entry("gpl-2.0-or-later", Set.of("gpl-2.0", "gpl-3.0", "agpl-3.0")),
                    Map.entry("gpl-3.0", Set.of("agpl-3.0")),
                    Map.entry("gpl-3.0-or-later", Set.of("gpl-3.0", "agpl-3.0")),
                    Map.entry(
                            "eupl-1.2",
                            Set.of(
                                    "gpl-2.0",
                                    "gpl-3.0",
                                    "agpl-3.0",
                                    "osl-3.0",
                                    "mpl-2.0",
                                    "epl-1.0",
                                    "cc-by-sa-3.0")),
                    Map.entry("eupl-1.1", Set.of("eupl-1.2", "gpl-2.0", "osl-3.0", "epl-1.0")));

    private final LicenseTerms from;
    private final LicenseTerms to;
    private final LicenseRelation relation;
    private final String name;
    private final List<LicenseVerdict> verdicts = new ArrayList<>();

    private LicenseRules(
            LicenseTerms from, LicenseRelation relation, LicenseTerms to, String name) {
        this.from = from;
        this.to = to;
        this.relation = relation;
        this.name = name;
    }

    /// All that the rules say.
    ///
    /// @param from the licence of what something was made of
    /// @param to the licence of what was made
    /// @param name of what was made; empty where it is not known
    public static List<LicenseVerdict> of(
            LicenseTerms from, LicenseRelation relation, LicenseTerms to, String name) {
        LicenseRules rules = new LicenseRules(from, relation, to, name);
        rules.apply();
        return List.copyOf(rules.verdicts);
    }

    private void apply() {
        if (from.isUnknown()) {
            say(
                    REVIEW,
                    "unknown",
                    "no licence of what it came from is known, and without one nothing is permitted",
                    NONE);
            return;
        }
        noDerivatives();
        nonCommercial();
        copyleft();
        useRestricted();
        named();
        if (from.has(WEAK_COPYLEFT)) {
            say(
                    CONDITIONS,
                    "weak-copyleft",
                    "files taken from it, changed or not, stay under " + from.id(),
                    source());
        }
        if (to.isUnknown()) {
            say(REVIEW, "unlicensed", "it has no known licence itself, so nobody may use it", NONE);
        }
        if (from.has(ATTRIBUTION)) {
            say(
                    CONDITIONS,
                    "attribution",
                    "the notices and the licence text of " + from.id() + " go with it",
                    source());
        }
        if (from.has(PUBLIC_DOMAIN)) {
            say(ALLOWED, "public-domain", from.id() + " asks nothing", source());
        }
    }

    private void noDerivatives() {
        if (!from.has(NO_DERIVATIVES)) {
            return;
        }
        switch (relation) {
            case QUANTIZED, CONVERTED ->
                    say(
                            REVIEW,
                            "no-derivatives",
                            from.id()
                                    + " forbids adapted copies; a technical change of format alone is none, a loss of precision may be one",
                            CC);
            case TRAINED_ON ->
                    say(
                            REVIEW,
                            "no-derivatives-data",
                            from.id()
                                    + " forbids adapted copies; whether a trained model is one is disputed",
                            CC_AI);
            default ->
                    say(
                            CONFLICT,
                            "no-derivatives",
                            from.id() + " forbids giving adapted copies away",
                            CC);
        }
    }

    private void nonCommercial() {
        if (!from.nonCommercial() || to.nonCommercial() || to.isUnknown()) {
            return;
        }
        String what = from.has(RESEARCH_ONLY) ? "research" : "non-commercial use";
        String reason = "%s is for %s only, %s allows more".formatted(from.id(), what, to.id());
        if (relation == LicenseRelation.TRAINED_ON) {
            say(
                    REVIEW,
                    "non-commercial-data",
                    reason + "; whether that reaches a model trained on the data is disputed",
                    CC_AI);
        } else {
            say(CONFLICT, "non-commercial", reason, source());
        }
    }

    private void copyleft() {
        boolean code = from.has(COPYLEFT) || from.has(NETWORK_COPYLEFT);
        if (!(code || from.has(SHARE_ALIKE)) || to.isUnknown() || same()) {
            if (apacheInGpl2()) {
                say(
                        CONFLICT,
                        "apache-gpl-2.0",
                        "the patent terms of Apache-2.0 are not compatible with " + to.id(),
                        GNU);
            }
            return;
        }
        String rule = code ? "copyleft" : "share-alike";
        String reason =
                "%s wants what comes of it under the same licence, not %s"
                        .formatted(from.id(), to.id());
        String where = code ? GNU : from.id().startsWith("CC") ? CC_COMPATIBLE : source();
        if (successors(plain(from)).contains(plain(to))
                || successors(lower(from)).contains(plain(to))) {
            say(ALLOWED, rule, "%s may pass into %s".formatted(from.id(), to.id()), where);
        } else if (relation == LicenseRelation.TRAINED_ON) {
            say(
                    REVIEW,
                    rule + "-data",
                    reason
                            + "; whether a trained model comes of its data in this sense is disputed",
                    CC_AI);
        } else if (relation == LicenseRelation.ADAPTER) {
            say(
                    REVIEW,
                    rule,
                    reason + "; whether an adapter beside the weights comes of them is not settled",
                    where);
        } else {
            say(CONFLICT, rule, reason, where);
        }
    }

    private boolean apacheInGpl2() {
        return from.id().equals("Apache-2.0")
                && to.id().equals("GPL-2.0-only")
                && relation.copies();
    }

    private void useRestricted() {
        if (!from.has(USE_RESTRICTED) || to.isUnknown()) {
            return;
        }
        if (same()) {
            say(
                    CONDITIONS,
                    "use-restricted",
                    "its forbidden uses stay forbidden, and must be passed on",
                    source());
        } else if (to.has(USE_RESTRICTED)) {
            say(
                    REVIEW,
                    "use-restricted",
                    "the forbidden uses of %s must be in %s too".formatted(from.id(), to.id()),
                    source());
        } else if (relation == LicenseRelation.TRAINED_ON) {
            say(
                    REVIEW,
                    "use-restricted",
                    "%s forbids uses that %s allows".formatted(from.id(), to.id()),
                    source());
        } else {
            say(
                    CONFLICT,
                    "use-restricted",
                    "%s forbids uses that %s allows; they must be passed on"
                            .formatted(from.id(), to.id()),
                    source());
        }
    }

    /// Llama's licences since the third: models made of it begin with `Llama`.
    private void named() {
        if (!from.has(NAMED) || relation == LicenseRelation.TRAINED_ON) {
            return;
        }
        String plain = name.replaceFirst(".*/", "").toLowerCase(Locale.ROOT);
        boolean must = !from.id().equals("llama2");
        if (must
                && !plain.isEmpty()
                && !plain.startsWith("llama")
                && !plain.startsWith("meta-llama")) {
            say(
                    CONFLICT,
                    "named",
                    "%s wants names of models made of it to begin with Llama; this one is %s"
                            .formatted(from.id(), name),
                    source());
        } else {
            say(
                    CONDITIONS,
                    "named",
                    from.id()
                            + " wants its notice"
                            + (must
                                    ? ", \"Built with Llama\" and a name that begins with Llama"
                                    : ""),
                    source());
        }
    }

    private boolean same() {
        return plain(from).equals(plain(to));
    }

    private static Set<String> successors(String id) {
        return SUCCESSORS.getOrDefault(id, Set.of());
    }

    private static String lower(LicenseTerms terms) {
        return terms.id().toLowerCase(Locale.ROOT);
    }

    private static String plain(LicenseTerms terms) {
        return lower(terms).replaceFirst("-(only|or-later)$", "");
    }

    private String source() {
        return from.source();
    }

    private void say(LicenseVerdict.Level level, String rule, String reason, String source) {
        verdicts.add(new LicenseVerdict(level, rule, reason, source));
    }
}
