package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.HttpException;
import dev.jebena.json.Json;
import dev.jebena.llm.Constraint;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFormatTest {
    private static final Constraint SCHEMA = Constraint.schema(Map.of("type", "null"));

    private static RequestFields fields(String json) {
        return new RequestFields(Json.object(Json.parse(json)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'structured_outputs': {'json': {'type': 'null'}}}",
                "{'guided_json': {'type': 'null'}}",
                "{'guided_json': '{\\'type\\': \\'null\\'}'}",
                "{'json_schema': {'type': 'null'}}",
                "{'response_format': {'type': 'json', 'value': {'type': 'null'}}}",
                "{'response_format': {'type': 'json_schema', 'json_schema': {'name': 'x', 'strict': true, 'schema': {'type': 'null'}}}}"
            })
    void aSchemaHasManySpellings(String json) {
        String quoted = json.replace("\\'", "\\\"").replace('\'', '"');
        assertThat(OutputFormat.ofOpenAi(fields(quoted))).isEqualTo(SCHEMA);
    }

    @Test
    void everyKindIsRead() {
        assertThat(OutputFormat.ofOpenAi(fields("{\"structured_outputs\": {\"regex\": \"a+\"}}")))
                .isEqualTo(Constraint.regex("a+"));
        assertThat(OutputFormat.ofOpenAi(fields("{\"guided_regex\": \"a+\"}")))
                .isEqualTo(Constraint.regex("a+"));
        assertThat(OutputFormat.ofOpenAi(fields("{\"guided_choice\": [\"a\", \"b\"]}")))
                .isEqualTo(Constraint.choice(List.of("a", "b")));
        assertThat(OutputFormat.ofOpenAi(fields("{\"guided_grammar\": \"root ::= [a]\"}")))
                .isEqualTo(Constraint.grammar("root ::= [a]"));
        assertThat(OutputFormat.ofOpenAi(fields("{\"grammar\": \"root ::= [a]\"}")))
                .isEqualTo(Constraint.grammar("root ::= [a]"));
        assertThat(
                        OutputFormat.ofOpenAi(
                                fields("{\"structured_outputs\": {\"json_object\": true}}")))
                .isEqualTo(Constraint.json());
        assertThat(OutputFormat.ofOpenAi(fields("{\"grammar\": \"\"}"))).isNull();
        assertThat(
                        OutputFormat.ofTgi(
                                fields("{\"grammar\": {\"type\": \"regex\", \"value\": \"a\"}}")))
                .isEqualTo(Constraint.regex("a"));
        assertThat(
                        OutputFormat.ofTgi(
                                fields(
                                        "{\"grammar\": {\"type\": \"json_schema\", \"value\": {\"schema\": {\"type\": \"null\"}}}}")))
                .isEqualTo(SCHEMA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'structured_outputs': {'structural_tag': {'structures': [{'begin': '<f>', 'schema': {'type': 'null'}, 'end': '</f>'}], 'triggers': ['<f']}}}",
                "{'response_format': {'type': 'structural_tag', 'structures': [{'begin': '<f>', 'schema': {'type': 'null'}, 'end': '</f>'}], 'triggers': ['<f']}}",
                "{'response_format': {'type': 'structural_tag', 'format': {'type': 'triggered_tags', 'triggers': ['<f'], 'tags': [{'type': 'tag', 'begin': '<f>', 'content': {'type': 'json_schema', 'json_schema': {'type': 'null'}}, 'end': '</f>'}]}}}"
            })
    void structuralTagsAreReadInBothNotations(String json) {
        Constraint.Tag tag = new Constraint.Tag("<f>", SCHEMA, List.of("</f>"));
        assertThat(OutputFormat.ofOpenAi(fields(json.replace('\'', '"'))))
                .isEqualTo(
                        new Constraint.Tagged(
                                List.of("<f"), List.of(tag), List.of(), false, false));
    }

    @Test
    void formatsOfStructuralTagsAreJoined() {
        String format =
                """
                {"type": "sequence", "elements": [
                  {"type": "const_string", "value": "a"},
                  {"type": "or", "elements": [
                    {"type": "regex", "pattern": "b+"},
                    {"type": "grammar", "grammar": "root ::= [c]"}]},
                  {"type": "any_text", "excludes": ["x"]},
                  {"type": "repeat", "content": {"type": "const_string", "value": "d"}, "min": 2, "max": 3}]}
                """;
        String json = Json.write(Map.of("type", "structural_tag", "format", Json.parse(format)));
        Constraint expected =
                new Constraint.Sequence(
                        List.of(
                                new Constraint.Text("a"),
                                new Constraint.Either(
                                        List.of(
                                                Constraint.regex("b+"),
                                                Constraint.grammar("root ::= [c]"))),
                                new Constraint.Free(List.of("x")),
                                new Constraint.Repeated(new Constraint.Text("d"), 2, 3)));
        assertThat(StructuralTag.of(fields(json))).isEqualTo(expected);
        String text = Json.write(Map.of("structural_tag", json));
        assertThat(StructuralTag.of(fields(text), "structural_tag")).isEqualTo(expected);
    }

    @Test
    void lazyGrammarsHaveTriggers() {
        String json =
                """
                {"grammar": "root ::= [a]", "grammar_lazy": true, "grammar_triggers": [
                  {"type": 0, "value": "<t>", "token": 7}, {"type": 1, "value": "w"},
                  {"type": "pattern", "value": "p"}, {"type": 3, "value": "f"}]}
                """;
        assertThat(OutputFormat.ofOpenAi(fields(json)))
                .isEqualTo(
                        new Constraint.Lazy(
                                Constraint.grammar("root ::= [a]"),
                                List.of(
                                        new Constraint.Trigger.TokenId(7),
                                        new Constraint.Trigger.Word("w"),
                                        new Constraint.Trigger.Pattern("p", false),
                                        new Constraint.Trigger.Pattern("f", true))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"grammar\": \"root ::= [a]\", \"grammar_lazy\": true}",
                "{\"response_format\": {\"type\": \"structural_tag\", \"format\": {\"type\": \"unknown\"}}}",
                "{\"response_format\": {\"type\": \"structural_tag\"}}",
                "{\"guided_json\": {}, \"guided_regex\": \"a\"}",
                "{\"guided_json\": \"{\"}",
                "{\"guided_choice\": []}",
                "{\"guided_regex\": 5}",
                "{\"grammar\": \"root ::= [a]\", \"json_schema\": {}}",
                "{\"grammar\": \"root ::= [a]\", \"guided_regex\": \"a\"}",
                "{\"structured_outputs\": {\"structural_tag\": \"x\"}}"
            })
    void whatIsWrongIsRefused(String json) {
        assertThatThrownBy(() -> OutputFormat.ofOpenAi(fields(json)))
                .isInstanceOfSatisfying(
                        HttpException.class, e -> assertThat(e.status()).isEqualTo(400));
    }
}
