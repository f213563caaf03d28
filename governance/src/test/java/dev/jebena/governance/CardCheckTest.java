package dev.jebena.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CardCheckTest {
    private static List<String> check(CardKind kind, String readme) {
        return CardCheck.of(Card.of(readme, kind)).stream()
                .filter(f -> f.level() != CardFinding.Level.HINT)
                .map(f -> shortened(f.toString()))
                .toList();
    }

    /// Without the long lists of what would be right.
    private static String shortened(String line) {
        return line.replaceAll("must be one of \\[[^\\]]{80,}\\]", "must be one of [...]")
                .replaceAll("official list: [^;]{80,};", "official list: ...;");
    }

    @Test
    void whatTheHubRefusesIsSaidInItsWordsWithTheLine() {
        assertThat(
                        check(
                                CardKind.MODEL,
                                """
                                ---
                                license: Apache 2.0
                                language:
                                - en
                                - English
                                - de-AT
                                tags: [a, 1]
                                pipeline_tag: text-generaton
                                base_model: https://huggingface.co/gpt2
                                base_model_relation: quantised
                                datasets: 5
                                ---
                                # A
                                """))
                .containsExactly(
                        "line 2: error: \"license\" must be one of [...]; did you mean apache-2.0?",
                        "line 5: error: \"language\" must only contain lowercase characters; did you mean en?",
                        "line 6: error: \"language\" must only contain lowercase characters; did you mean de?",
                        "line 7: error: \"tags[1]\" must be a string; put it in quotes",
                        "line 8: warning: The pipeline tag \"text-generaton\" is not in the official list: ...; did you mean text-generation?",
                        "line 9: warning: \"base_model\" with value \"https://huggingface.co/gpt2\" is not valid. Use a model id from https://hf.co/models.; write it as owner/name",
                        "line 10: error: \"base_model_relation\" must be one of [finetune, adapter, merge, quantized]; did you mean quantized?",
                        "line 11: error: \"datasets\" must be an array; write it as a list: - value");
    }

    @Test
    void resultsAreCheckedFieldByField() {
        assertThat(
                        check(
                                CardKind.MODEL,
                                """
                                ---
                                license: mit
                                model-index:
                                - name: m
                                  results:
                                  - task:
                                      name: Text
                                    dataset:
                                      name: d
                                    metrics:
                                    - type: accuracy
                                    - value: 0.5
                                  - dataset: imdb
                                ---
                                """))
                .containsExactly(
                        "line 6: error: \"model-index[0].results[0].task.type\" is required",
                        "line 8: error: \"model-index[0].results[0].dataset.type\" is required",
                        "line 11: error: \"model-index[0].results[0].metrics[0].value\" is required; add the number",
                        "line 12: error: \"model-index[0].results[0].metrics[1].type\" is required",
                        "line 13: error: \"model-index[0].results[1].task\" is required",
                        "line 13: error: \"model-index[0].results[1].dataset\" must be of type object",
                        "line 13: error: \"model-index[0].results[1].metrics\" is required; write it as a list: - type: accuracy");
    }

    @Test
    void licencesOfSpdxThatTheHubDoesNotKnowGetTheirFields() {
        assertThat(check(CardKind.MODEL, "---\nlicense: 0BSD\n---\n"))
                .containsExactly(
                        "line 2: error: \"license\" must be one of [...]; the hub does not know 0BSD: write license: other, license_name: 0bsd and license_link: https://spdx.org/licenses/0BSD.html");
        assertThat(check(CardKind.MODEL, "---\nlicense: GPL-3.0-or-later\n---\n"))
                .containsExactly(
                        "line 2: error: \"license\" must be one of [...]; the hub writes it gpl-3.0");
        assertThat(check(CardKind.MODEL, "---\nlicense: other\nlicense_name: my-1.0\n---\n"))
                .containsExactly(
                        "line 3: warning: \"license_link\" is missing: the text of the licence cannot be read; add license_link: LICENSE, or its address");
    }

    @Test
    void blocksThatCannotBeReadAreErrors() {
        assertThat(check(CardKind.MODEL, "---\nlicense: [mit\n---\n"))
                .hasSize(1)
                .allMatch(l -> l.contains("error: the metadata block is no valid YAML"));
        assertThat(check(CardKind.MODEL, "---\n- a\n---\n"))
                .first()
                .asString()
                .contains("error: repo card metadata block was not parsed as a dict");
        assertThat(check(CardKind.MODEL, "---\nlicense: mit\nlicense: gpl\n---\n"))
                .first()
                .asString()
                .contains("license");
        assertThat(check(CardKind.MODEL, "# only text\n"))
                .containsExactly(
                        "line 1: warning: empty or missing yaml metadata in repo card; jebena card new writes a card with what is known");
        assertThat(check(CardKind.MODEL, "---\nno end\n"))
                .first()
                .asString()
                .contains("has no end");
        String bomb =
                "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b]\n";
        assertThat(Card.of("---\n" + bomb + "---\n", CardKind.MODEL).data().toString())
                .hasSizeLessThan(200);
    }

    @Test
    void dataSheetsHaveFieldsOfTheirOwn() {
        assertThat(
                        check(
                                CardKind.DATASET,
                                """
                                ---
                                license: cc-by-4.0
                                task_categories: [text-clasification]
                                size_categories: [10K-100K]
                                ---
                                """))
                .containsExactly(
                        "line 3: warning: The task_categories \"text-clasification\" is not in the official list: ...; did you mean text-classification?",
                        "line 4: warning: \"size_categories\" has \"10K-100K\"; write n<1K, 1K<n<10K, and so on up to n>1T");
    }

    @Test
    void missingSectionsAreHints() {
        List<CardFinding> findings =
                CardCheck.of(
                        Card.of(
                                "---\nlicense: mit\n---\n# M\nText\n## Intended use\n\nMore information needed\n",
                                CardKind.MODEL));
        assertThat(findings)
                .filteredOn(f -> f.level() == CardFinding.Level.HINT)
                .extracting(CardFinding::message)
                .contains(
                        "no section on \"Bias\"",
                        "no section on \"Environmental impact\"",
                        "the section \"Intended use\" says nothing")
                .doesNotContain("no section on \"Intended use\"");
    }
}
