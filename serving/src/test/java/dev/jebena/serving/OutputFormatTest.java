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
