package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a licence asks, by the table `license-terms.tsv`: the first row whose pattern fits the id.
///
/// @param id SPDX id, or the hub's name
/// @param name for people
/// @param open whether anyone may use, study, change and share for any purpose: no use, user or
///   derivation is excluded
/// @param source where the licence can be read
public record LicenseTerms(
        String id, String name, Set<LicenseTrait> traits, boolean open, String source) {
    private record Row(Pattern id, Set<LicenseTrait> traits) {}

    private static final List<Row> ROWS =
            Tables.read("license-terms.tsv", 2).stream()
                    .map(cells -> new Row(Pattern.compile(cells[0]), traits(cells[1])))
                    .toList();

    private static final Set<LicenseTrait> CLOSED =
            EnumSet.of(
                    LicenseTrait.NON_COMMERCIAL,
                    LicenseTrait.RESEARCH_ONLY,
                    LicenseTrait.NO_DERIVATIVES,
                    LicenseTrait.USE_RESTRICTED,
                    LicenseTrait.NAMED,
                    LicenseTrait.UNKNOWN);

    public LicenseTerms {
        traits = Set.copyOf(traits);
    }

    private static Set<LicenseTrait> traits(String cell) {
        Set<LicenseTrait> traits = EnumSet.noneOf(LicenseTrait.class);
        for (String word : cell.split(",")) {
            traits.add(
                    LicenseTrait.valueOf(word.strip().toUpperCase(Locale.ROOT).replace('-', '_')));
        }
        return traits;
    }

    /// The terms of a licence, or of an SPDX expression. Licences that neither the table nor the
    /// Open Source Initiative knows are unknown.
    public static LicenseTerms of(String license) {
        return LicenseExpression.is(license)
                ? LicenseExpression.terms(license, LicenseTerms::ofOne)
                : ofOne(license);
    }

    private static LicenseTerms ofOne(String license) {
        String id = LicenseTexts.canonical(license.strip());
        String lower = id.toLowerCase(Locale.ROOT);
        Optional<SpdxLicense> spdx = SpdxLicenses.find(id);
        Optional<AiLicenses.AiLicense> ai = AiLicenses.find(lower);
        // A name that only begins like a licence's is another licence.
        boolean known =
                spdx.isPresent() || ai.isPresent() || CardVocabulary.LICENSES.contains(lower);
        Set<LicenseTrait> traits = known ? traitsOf(lower, spdx) : Set.of(LicenseTrait.UNKNOWN);
        boolean open = traits.stream().noneMatch(CLOSED::contains);
        String name =
                spdx.map(SpdxLicense::name).or(() -> ai.map(AiLicenses.AiLicense::name)).orElse(id);
        String source =
                spdx.map(s -> "https://spdx.org/licenses/" + s.id() + ".html")
                        .or(() -> ai.map(AiLicenses.AiLicense::url))
                        .orElse(
                                CardVocabulary.LICENSES.contains(lower)
                                        ? "https://huggingface.co/docs/hub/repositories-licenses"
                                        : "");
        return new LicenseTerms(id, name, traits, open, source);
    }

    private static Set<LicenseTrait> traitsOf(String id, Optional<SpdxLicense> spdx) {
        return ROWS.stream()
                .filter(row -> row.id.matcher(id).matches())
                .findFirst()
                .map(Row::traits)
                .orElse(
                        spdx.filter(SpdxLicense::osiApproved).isPresent()
                                ? Set.of(LicenseTrait.ATTRIBUTION)
                                : Set.of(LicenseTrait.UNKNOWN));
    }

    boolean has(LicenseTrait trait) {
        return traits.contains(trait);
    }

    boolean isUnknown() {
        return has(LicenseTrait.UNKNOWN);
    }

    /// Whether commercial use is excluded.
    boolean nonCommercial() {
        return has(LicenseTrait.NON_COMMERCIAL) || has(LicenseTrait.RESEARCH_ONLY);
    }

    public Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "id", id,
                "name", name,
                "traits", traits.stream().sorted().map(LicenseTrait::toString).toList(),
                "open", open,
                "source", source);
    }
}
