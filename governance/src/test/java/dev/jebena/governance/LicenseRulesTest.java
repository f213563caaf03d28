package dev.jebena.governance;

import static dev.jebena.governance.LicenseRelation.ADAPTER;
import static dev.jebena.governance.LicenseRelation.FINETUNE;
import static dev.jebena.governance.LicenseRelation.QUANTIZED;
import static dev.jebena.governance.LicenseRelation.TRAINED_ON;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LicenseRulesTest {
    private static LicenseVerdict.Level level(List<LicenseVerdict> verdicts) {
        return verdicts.stream()
                .map(LicenseVerdict::level)
                .max(LicenseVerdict.Level::compareTo)
                .orElse(LicenseVerdict.Level.ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({
        "mit,               FINETUNE,   apache-2.0,   CONDITIONS, attribution",
        "cc0-1.0,           TRAINED_ON, mit,          ALLOWED,    public-domain",
        "cc-by-nc-4.0,      FINETUNE,   mit,          CONFLICT,   non-commercial",
        "cc-by-nc-4.0,      FINETUNE,   cc-by-nc-4.0, CONDITIONS, attribution",
        "cc-by-nc-4.0,      TRAINED_ON, mit,          REVIEW,     non-commercial-data",
        "cc-by-nd-4.0,      FINETUNE,   cc-by-nd-4.0, CONFLICT,   no-derivatives",
        "cc-by-nd-4.0,      QUANTIZED,  cc-by-nd-4.0, REVIEW,     no-derivatives",
        "cc-by-sa-4.0,      FINETUNE,   mit,          CONFLICT,   share-alike",
        "cc-by-sa-4.0,      FINETUNE,   gpl-3.0,      CONDITIONS, share-alike",
        "cc-by-sa-4.0,      TRAINED_ON, mit,          REVIEW,     share-alike-data",
        "gpl-3.0,           FINETUNE,   mit,          CONFLICT,   copyleft",
        "gpl-3.0,           FINETUNE,   agpl-3.0,     CONDITIONS, copyleft",
        "gpl-2.0,           FINETUNE,   gpl-3.0,      CONFLICT,   copyleft",
        "gpl-2.0-or-later,  FINETUNE,   gpl-3.0,      CONDITIONS, copyleft",
        "apache-2.0,        FINETUNE,   gpl-2.0,      CONFLICT,   apache-gpl-2.0",
        "mpl-2.0,           FINETUNE,   mit,          CONDITIONS, weak-copyleft",
        "gemma,             QUANTIZED,  gemma,        CONDITIONS, use-restricted",
        "gemma,             QUANTIZED,  apache-2.0,   CONFLICT,   use-restricted",
        "openrail,          FINETUNE,   gemma,        REVIEW,     use-restricted",
        "apple-amlr,        FINETUNE,   mit,          CONFLICT,   non-commercial",
        "unknown,           FINETUNE,   mit,          REVIEW,     unknown",
        "mit,               FINETUNE,   other,        REVIEW,     unlicensed"
    })
    void thePairDecides(
            String from,
            LicenseRelation relation,
            String to,
            LicenseVerdict.Level level,
            String rule) {
        List<LicenseVerdict> verdicts =
                LicenseRules.of(LicenseTerms.of(from), relation, LicenseTerms.of(to), "");
        assertThat(level(verdicts)).isEqualTo(level);
        assertThat(verdicts).extracting(LicenseVerdict::rule).contains(rule);
        assertThat(verdicts)
                .allSatisfy(v -> assertThat(v.source()).startsWith("https://"))
                .allSatisfy(v -> assertThat(v.reason()).isNotBlank());
    }

    @Test
    void modelsMadeOfLlamaBearItsName() {
        LicenseTerms llama = LicenseTerms.of("llama3.1");
        assertThat(level(LicenseRules.of(llama, FINETUNE, llama, "me/Llama-3.1-8B-chat")))
                .isEqualTo(LicenseVerdict.Level.CONDITIONS);
        List<LicenseVerdict> verdicts = LicenseRules.of(llama, FINETUNE, llama, "me/my-chat");
        assertThat(verdicts)
                .filteredOn(v -> v.level() == LicenseVerdict.Level.CONFLICT)
                .extracting(LicenseVerdict::reason)
                .containsExactly(
                        "llama3.1 wants names of models made of it to begin with Llama; this one is me/my-chat");
        assertThat(level(LicenseRules.of(llama, ADAPTER, LicenseTerms.of("mit"), "me/Llama-x")))
                .isEqualTo(LicenseVerdict.Level.CONFLICT);
    }

    @ParameterizedTest
    @CsvSource({
        "MIT OR GPL-3.0-only,                                  MIT,                          true",
        "CC-BY-NC-4.0 OR Apache-2.0,                           Apache-2.0,                   true",
        "MIT AND CC-BY-NC-4.0,                                 MIT AND CC-BY-NC-4.0,         false",
        "GPL-2.0-only WITH Classpath-exception-2.0,            GPL-2.0-only,                 true",
        "(gemma OR MIT) and BSD-3-Clause,                      MIT AND BSD-3-Clause,         true",
        "MIT OR (,                                             MIT OR (,                     false",
        "some words of and about a licence,                    some words of and about a licence, false"
    })
    void expressionsAreUnderstood(String expression, String id, boolean open) {
        assertThat(LicenseTerms.of(expression).id()).isEqualTo(id);
        assertThat(LicenseTerms.of(expression).open()).isEqualTo(open);
        assertThat(LicenseTerms.of("(".repeat(1_000) + "MIT").isUnknown()).isTrue();
    }

    @Test
    void everyLicenceOfTheHubHasTerms() {
        for (String id : CardVocabulary.LICENSES) {
            boolean family = List.of("unknown", "other", "cc").contains(id);
            assertThat(LicenseTerms.of(id).isUnknown()).as(id).isEqualTo(family);
        }
        assertThat(LicenseTerms.of("llama3.1").open()).isFalse();
        assertThat(LicenseTerms.of("openmdw-1.0").open()).isTrue();
        assertThat(LicenseTerms.of("MIT but not for you").isUnknown()).isTrue();
        assertThat(LicenseTerms.of("mit-like").isUnknown()).isTrue();
        assertThat(LicenseTerms.of("JSON").open()).isFalse();
        assertThat(LicenseTerms.of("SSPL-1.0").open()).isFalse();
        assertThat(LicenseTerms.of("cc-by-nc-sa-4.0").traits())
                .containsExactlyInAnyOrder(
                        LicenseTrait.ATTRIBUTION,
                        LicenseTrait.NON_COMMERCIAL,
                        LicenseTrait.SHARE_ALIKE);
    }

    @Test
    void theGraphFollowsCardsOfCards() {
        Card card =
                Card.of(
                        "---\nlicense: apache-2.0\nbase_model: a/base\nbase_model_relation: finetune\ndatasets: [b/data]\n---\n",
                        CardKind.MODEL);
        Card base = Card.of("---\nlicense: mit\nbase_model: a/first\n---\n", CardKind.MODEL);
        LicenseSource source =
                (name, _) ->
                        switch (name) {
                            case "a/base" ->
                                    Optional.of(
                                            new LicenseSource.Known(
                                                    "mit", "base/README.md", Optional.of(base)));
                            case "a/first" ->
                                    Optional.of(
                                            new LicenseSource.Known(
                                                    "cc-by-nc-4.0",
                                                    "first/README.md",
                                                    Optional.empty()));
                            default -> Optional.empty();
                        };
        LicenseGraph graph =
                LicenseGraph.of(
                        "c/model",
                        CardKind.MODEL,
                        "Apache-2.0",
                        "README.md",
                        Optional.of(card),
                        List.of(),
                        source);
        assertThat(graph.things().keySet())
                .containsExactly("c/model", "a/base", "b/data", "a/first");
        assertThat(graph.steps())
                .extracting(s -> s.from() + " > " + s.to() + " " + s.relation() + ": " + s.level())
                .containsExactly(
                        "a/base > c/model finetune: conditions",
                        "b/data > c/model trained on: review",
                        "a/first > a/base derived: conflict");
        assertThat(graph.level()).isEqualTo(LicenseVerdict.Level.CONFLICT);
        assertThat(QUANTIZED.copies()).isTrue();
        assertThat(TRAINED_ON.copies()).isFalse();
    }
}
