package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrongUsageTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "lst, did you mean list?",
                "Run, did you mean run?",
                "completions, did you mean completion?",
                "xyzzy, there is no command xyzzy",
                "run m --temprature 1, did you mean --temperature?",
                "run m --max-token=7, did you mean --max-tokens?",
                "list --jsn, did you mean --json?",
                "--hlp, did you mean --help?",
                "run, Missing required parameter: 'MODEL'",
                "cp a, Missing required parameter: 'DESTINATION'",
                "list extra, Unmatched argument",
                "run m --max-tokens many, 'many' is not an int",
                "run m --seed 1.5, '1.5' is not a long",
                "completion csh, \"expected one of [bash, zsh, fish]\"",
                "man rn, did you mean run?",
                "run m --kv-type q4_0 Hi, \"expected one of [f16, f32, q8_0]\"",
                "serve --kv-type int8, \"expected one of [f16, f32, q8_0]\"",
                "bench model m --runs 0, must be at least 1",
                "serve --no-accounts --host 0.0.0.0 --port 0, is reachable from other machines",
                "serve --port 99999, --port is 99999; expected 0 to 65535",
                "serve --threads -1, --threads is -1; expected 0 to 1024",
                "serve --parallel 0, --parallel is 0; expected 1 to 4096",
                "serve --memory -5, --memory is -5",
                "serve --cors example.org, expected one like https://app.example",
                "serve --cors https://a.b/, https://a.b/ is not an origin",
                "embed m --compare one, needs at least two texts",
                "run m --mcp x Hi, --yes runs them without asking",
                "run m --mcp x --raw --yes Hi, --mcp needs the chat template",
                "run m --mcp x --yes --max-rounds 0 Hi, --max-rounds is 0; expected 1 to 1000",
                "mcp tools, tools needs a server",
                "mcp serve x, serve takes no server",
                "mcp sreve, \"expected one of [serve, tools]\"",
                "run m, no prompt"
            })
    void aWrongCommandLineGivesCodeTwoAndSaysWhatIsRight(String words, String expected) {
        CommandRun run = CommandRun.of(words.split(" "));
        assertThat(run.err()).startsWith("jebena: ").contains(expected).doesNotContain("\tat ");
        assertThat(run.status()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aSamplingOptionOutOfRangeIsWrongUsage() {
        CommandRun run =
                CommandRun.of("run", ToyModels.chat().toString(), "--temperature", "-1", "Hello");
        assertThat(run.status()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .isEqualTo("jebena: --temperature is -1.0; expected 0.0 to 1000000.0\n");
    }

    @ParameterizedTest
    @CsvSource({
        "show nope, model 'nope' not found",
        "rm nope, model 'nope' not found",
        "cp nope other, model 'nope' not found",
        "run ./nope.gguf hi, there is no file or folder ./nope.gguf",
        "embed /nope hi, there is no file or folder /nope",
        "tokenize nope.json hi, nope.json",
        "create x -f /nope/Modelfile, no such Modelfile",
        "ps --url http://127.0.0.1:9, no server answers at http://127.0.0.1:9",
        "stop m --url http://127.0.0.1:9, no server answers at http://127.0.0.1:9",
        "ps --url ::, not an address: ::",
        "ps --url http://a_b:x, not an address",
        "mcp tools /nope/server, cannot start the MCP server /nope/server",
        "mcp tools http://127.0.0.1:9/mcp, no answer of the MCP server at http://127.0.0.1:9/mcp",
        "pull smolm2, did you mean smollm2?",
        "pull hf.co/some/thing --insecure, 127.0.0.1:9"
    })
    void whatCannotBeDoneGivesCodeOneAndNoStackTrace(String words, String expected) {
        CommandRun run = CommandRun.of(words.split(" "));
        assertThat(run.err()).contains("jebena: ").contains(expected);
        assertThat(run.err()).doesNotContain("\tat ", "Exception", "internal error");
        assertThat(run.status()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aDamagedModelIsRefusedInOneMessage(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("bad.gguf"), new byte[] {'G', 'G', 'U', 'F', 9});
        for (String command : new String[] {"show", "run", "tokenize", "embed"}) {
            CommandRun run = CommandRun.of(command, file.toString(), "text");
            if (command.equals("show")) {
                run = CommandRun.of(command, file.toString());
            }
            assertThat(run.status()).as(command).isEqualTo(ExitCode.FAILED);
            assertThat(run.err()).as(command).startsWith("jebena: ").contains("bad.gguf");
            assertThat(run.err()).doesNotContain("\tat ", "Exception", "internal error");
        }
    }

    @Test
    void errorsOfTheEngineSpeakOfOptionsAndOfTheModelsGivenName() {
        String chat = ToyModels.chat().toString();
        String embedding = ToyModels.embedding().toString();
        assertThat(CommandRun.of("run", chat, "--max-tokens", "-5", "Hi").err())
                .isEqualTo("jebena: --max-tokens is -5; expected at least -1\n");
        assertThat(CommandRun.of("run", chat, "--context", "2", "--raw", "Hi all of you").err())
                .contains("the context of 2 tokens", "make room with --context N");
        assertThat(CommandRun.of("run", embedding, "Hi").err())
                .startsWith("jebena: " + embedding + " makes embeddings")
                .contains("jebena embed " + embedding);
        assertThat(CommandRun.of("embed", chat, "Hi").err())
                .startsWith("jebena: " + chat + " continues text");
    }

    @Test
    void aPortInUseAndALogThatCannotBeWrittenAreNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandRun run = CommandRun.of("serve", "--port", "" + taken.getLocalPort());
            assertThat(run.status()).isEqualTo(ExitCode.FAILED);
            assertThat(run.err()).contains(":" + taken.getLocalPort(), "with --port");
        }
        CommandRun run = CommandRun.of("serve", "--port", "0", "--access-log", "/nope/log");
        assertThat(run.status()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("cannot open the access log /nope/log: no such file");
    }

    @ParameterizedTest
    @CsvSource({"--debug show nope", "show --debug nope", "show nope --debug"})
    void debugShowsWhereAnErrorCameFrom(String words) {
        CommandRun run = CommandRun.of(words.split(" "));
        assertThat(run.status()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("\tat dev.jebena.", "jebena: model 'nope' not found");
    }

    @Test
    void aMessageOfSeveralLinesIsIndented() {
        ToyModels.store("toy", ToyModels.chat());
        assertThat(CommandRun.of("show", "tiy").err().lines().skip(1))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("        "));
    }
}
