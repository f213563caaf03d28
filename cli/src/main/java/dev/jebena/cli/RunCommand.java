package dev.jebena.cli;

import dev.jebena.hub.StoredModel;
import dev.jebena.llm.AdapterFile;
import dev.jebena.llm.Answer;
import dev.jebena.llm.BeamSearch;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.llm.LlmOptions;
import dev.jebena.serving.ModelLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Answers a prompt with a model, or holds a conversation.",
            "Without a prompt: a conversation (/help lists its commands).",
            "A model that is not here is fetched first. The answer alone goes to standard output."
        },
        footer = {
            "  jebena run smollm2 \"Why is the sky blue?\"",
            "  jebena run smollm2 --max-tokens 100 --temperature 0 --seed 7 \"Tell me a story\"",
            "  git diff | jebena run smollm2 \"Write a commit message for this change\"",
            "  jebena run ./model.gguf",
            "  jebena run smollm2 --mcp \"uvx mcp-server-time\" \"What time is it?\" --yes"
        })
final class RunCommand extends JebenaCommand {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "A catalog name, a model of the store, a file, a folder, or a hub's USER/REPOSITORY.")
    String model = "";

    @Parameters(
            index = "1..*",
            paramLabel = "PROMPT",
            description = "The question. Piped input is added after it.")
    @Nullable List<String> prompt;

    @Mixin GenerationOptions generation = new GenerationOptions();

    @Mixin DraftOptions draft = new DraftOptions();

    @Mixin CacheOptions cache = new CacheOptions();

    @Mixin WeightOptions weights = new WeightOptions();

    @Mixin ThinkOptions thinking = new ThinkOptions();

    @Mixin ToolOptions tools = new ToolOptions();

    @Option(
            names = "--lora",
            paramLabel = "PATH[=SCALE]",
            description = "A LoRA adapter to apply, GGUF or PEFT folder; may be repeated.")
    List<String> adapters = new ArrayList<>();

    @Option(
            names = "--session",
            paramLabel = "FILE",
            description = "Go on with the conversation in FILE, and keep it there at the end.")
    @Nullable Path session;

    @Option(names = "--system", paramLabel = "TEXT", description = "The system message.")
    @Nullable String system;

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "Context length in tokens (default: the model's, at most 8192).")
    int context;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that compute; 0 for one for each core.",
            defaultValue = "0")
    int threads;

    @Option(
            names = "--exact",
            description = "Compute with float32 activations, never rounded to 8 bits.")
    boolean exact;

    @Option(
            names = "--raw",
            description = "Continue the prompt as it is, without the chat template.")
    boolean raw;

    @Option(names = "--stats", description = "Print token rates to standard error.")
    boolean stats;

    @Option(names = "--json", description = "Print the answer, its token counts and times as JSON.")
    boolean json;

    @Option(names = "--accept-license", description = "Accept a licence that is not an open one.")
    boolean acceptLicense;

    @Override
    int run() throws Exception {
        try (Models models = Models.open()) {
            // Before standard input is read, which a second start could not read again.
            Optional<StoredModel> here = models.find(model);
            here.ifPresent(m -> Restart.withVectorsFor(m.details().quantization()));
            String question = question();
            boolean interactive = question.isEmpty() && Screen.inputIsTerminal();
            if (question.isEmpty() && !interactive) {
                throw UserError.usage("no prompt: give one as an argument or on standard input");
            }
            checkTools(interactive);
            StoredModel stored = here.orElseGet(() -> models.pulled(model, acceptLicense));
            Models.checkTask(stored, model);
            LlmOptions options =
                    LlmOptions.defaults()
                            .threads(threads)
                            .exact(exact)
                            .contextLength(contextLength(stored))
                            .adapters(adapters(stored))
                            .maxSequences(Math.clamp(generation.beams, 1, 64));
            LlmOptions engine = draft.over(weights.over(cache.over(options)), models);
            try (Llm llm = Llm.load(stored.path(), engine)) {
                Models.generating(llm, model);
                Conversation conversation =
                        new Conversation(
                                llm,
                                stored,
                                generation.over(
                                        llm.suggested(Generation.defaults()), stored.parameters()));
                if (system != null) {
                    conversation.system(system);
                }
                conversation.thinks(thinking.wanted());
                if (tools.wanted()) {
                    return new ToolRun(models, conversation, tools, debug)
                            .run(interactive ? null : question, json, stats);
                }
                if (session != null && Files.exists(session)) {
                    conversation.restore(session);
                }
                int code =
                        interactive
                                ? new ChatLoop(models, conversation)
                                        .hideThinking(thinking.hide)
                                        .run()
                                : answer(llm, conversation, question);
                if (session != null) {
                    conversation.save(session);
                }
                return code;
            }
        }
    }

    /// Before anything is loaded: what can be known to be wrong.
    private void checkTools(boolean interactive) {
        tools.maxRounds();
        tools.toolSeconds();
        if (session != null && (raw || tools.wanted())) {
            throw UserError.usage("--session keeps plain conversations: not with --raw or --mcp");
        }
        if (tools.wanted() && raw) {
            throw UserError.usage("--mcp needs the chat template, which --raw leaves out");
        }
        if (tools.wanted() && !interactive && !tools.yes) {
            throw UserError.usage(
                    "nobody can be asked whether the model may run tools\n"
                            + "--yes runs them without asking");
        }
    }

    private Answer answer(Llm llm, String asked, Generation options) {
        if (generation.beams == 1) {
            return llm.generate(asked, options);
        }
        int[] ids = llm.tokenizer().encode(asked);
        return BeamSearch.answers(
                        llm, ids, options, generation.beams, generation.lengthPenalty, () -> false)
                .getFirst();
    }

    private List<AdapterFile> adapters(StoredModel stored) {
        List<AdapterFile> files = new ArrayList<>(ModelLoader.adapters(stored));
        adapters.forEach(argument -> files.add(AdapterArguments.parse(argument)));
        return files;
    }

    /// The prompt and what is piped in.
    private String question() throws IOException {
        String words = prompt == null ? "" : String.join(" ", prompt);
        String piped = Input.piped();
        if (words.isEmpty() || piped.isEmpty()) {
            return words + piped;
        }
        return words + "\n\n" + piped;
    }

    private int contextLength(StoredModel stored) {
        return context == 0 && stored.parameters().get("num_ctx") instanceof Number number
                ? number.intValue()
                : context;
    }

    /// Thinking goes to standard error: the answer alone goes to standard output.
    private ThinkingOutput split(Conversation conversation) {
        boolean silent = thinking.hide || json;
        return new ThinkingOutput(
                raw ? null : conversation.reasoning(),
                piece -> {
                    if (!silent) {
                        System.err.print(piece);
                        System.err.flush();
                    }
                });
    }

    private int answer(Llm llm, Conversation conversation, String question) {
        String asked = raw ? question : conversation.asked(question);
        try (Answer answer =
                answer(llm, asked, raw ? conversation.options() : conversation.shown())) {
            StringBuilder text = new StringBuilder();
            ThinkingOutput split = split(conversation);
            boolean more = true;
            while (more) {
                more = answer.hasNext();
                String piece = more ? split.add(answer.next().text()) : split.end();
                text.append(piece);
                if (!json && !piece.isEmpty()) {
                    System.out.print(piece);
                    System.out.flush();
                    if (System.out.checkError()) {
                        return ExitCode.FAILED;
                    }
                }
            }
            if (json) {
                System.out.println(Statistics.json(answer, text.toString()));
            } else {
                System.out.println();
            }
            if (stats) {
                System.err.println(Statistics.line(answer));
            }
            if (!raw) {
                conversation.answered(text.toString());
            }
        }
        return ExitCode.OK;
    }
}
