package dev.jebena.cli;

import dev.jebena.accounts.Accounts;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.buckets.S3Address;
import dev.jebena.buckets.S3Blobs;
import dev.jebena.compute.Kernels;
import dev.jebena.console.ConsoleRoutes;
import dev.jebena.hub.Hub;
import dev.jebena.hub.HubSettings;
import dev.jebena.llm.AdapterFile;
import dev.jebena.llm.Llm;
import dev.jebena.llm.LlmOptions;
import dev.jebena.repositories.Repositories;
import dev.jebena.repositories.RepositoryOptions;
import dev.jebena.repositories.RepositoryRoutes;
import dev.jebena.serving.JebenaServer;
import dev.jebena.serving.ModelLoader;
import dev.jebena.serving.ServingOptions;
import dev.jebena.tracking.Tracking;
import dev.jebena.tracking.TrackingOptions;
import dev.jebena.tracking.TrackingRoutes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = {
            "Serves the models of this machine and a chat page.",
            "OpenAI, Anthropic, Ollama, llama.cpp, vLLM and more protocols on one port.",
            "Ends on Ctrl-C or SIGTERM, after running answers have finished."
        },
        footer = {
            "  jebena serve",
            "  jebena serve --port 11434                     as Ollama's clients expect",
            "  jebena serve --host 0.0.0.0 --api-key SECRET  for other machines",
            "  curl http://127.0.0.1:11500/api/generate -d \\",
            "    '{\"model\":\"smollm2\",\"prompt\":\"Hi\",\"stream\":false}'"
        })
final class ServeCommand extends JebenaCommand {
    @Option(
            names = "--host",
            paramLabel = "H",
            description = "Address to listen on (default ${DEFAULT-VALUE}).",
            defaultValue = "127.0.0.1")
    String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "Port; 0 for a free one (default ${DEFAULT-VALUE}).",
            defaultValue = "11500")
    int port = 11500;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = "Key that clients must send; may be repeated (also JEBENA_API_KEYS).")
    List<String> apiKeys = new ArrayList<>();

    @Option(
            names = "--open",
            description = "Listen on an address that other machines reach, without API keys.")
    boolean open;

    @Option(
            names = "--cors",
            paramLabel = "ORIGIN",
            description = "Origin whose pages may call; * for all; may be repeated.")
    List<String> origins = new ArrayList<>();

    @Option(
            names = "--keep-alive",
            paramLabel = "SECONDS",
            description =
                    "How long an idle model stays loaded; -1 for ever (default ${DEFAULT-VALUE}).",
            defaultValue = "300")
    long keepAlive = 300;

    @Option(
            names = "--memory",
            paramLabel = "MB",
            description = "Memory for loaded models; 0 for 60 %% of the machine's.",
            defaultValue = "0")
    long memory;

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "Context length; 0 for the model's, at most 8192.",
            defaultValue = "0")
    int context;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Sequences of a model computed together (default ${DEFAULT-VALUE}).",
            defaultValue = "16")
    int parallel = 16;

    @Option(
            names = "--queue",
            paramLabel = "N",
            description =
                    "Requests that may wait; one more is answered with 429 (default ${DEFAULT-VALUE}).",
            defaultValue = "256")
    int queue = 256;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that compute; 0 for one for each core.",
            defaultValue = "0")
    int threads;

    @Option(
            names = "--draft",
            paramLabel = "MODEL=DRAFT",
            description =
                    "A smaller model of the same family that guesses tokens for MODEL; may be repeated.")
    Map<String, String> drafts = new LinkedHashMap<>();

    @Option(
            names = "--draft-tokens",
            paramLabel = "N",
            description =
                    "Guessed tokens to check at once, where that is faster; 0 for none (default ${DEFAULT-VALUE}).",
            defaultValue = "8")
    int draftTokens = 8;

    @Option(
            names = "--lora",
            paramLabel = "MODEL=PATH[=SCALE]",
            description = "A LoRA adapter to load with MODEL; may be repeated.")
    List<String> adapters = new ArrayList<>();

    @Option(
            names = "--lora-folder",
            paramLabel = "DIR",
            description = "Where requests may load LoRA adapters from.")
    @Nullable Path adapterFolder;

    @Option(
            names = "--slot-save-path",
            paramLabel = "DIR",
            description = "Where requests may save and restore what was computed of a text.")
    @Nullable Path slotFolder;

    @Option(
            names = "--context-shift",
            description = "Let a full context forget its older half instead of ending the answer.")
    boolean contextShift;

    @Mixin CacheOptions cache = new CacheOptions();

    @Mixin WeightOptions weights = new WeightOptions();

    @Option(
            names = "--time-limit",
            paramLabel = "SECONDS",
            description =
                    "How long a request may wait and run; 0 for ever. Requests may ask for less by the header X-Request-Timeout.",
            defaultValue = "0")
    double timeLimit;

    @Option(
            names = "--keep-responses",
            paramLabel = "DAYS",
            description = "How long stored responses stay; 0 for ever (default ${DEFAULT-VALUE}).",
            defaultValue = "30")
    int keepResponses = 30;

    @Option(
            names = "--exact",
            description = "Compute with float32 activations, never rounded to 8 bits.")
    boolean exact;

    @Option(
            names = "--pull",
            description = "Fetch a model that a request names and that is not here.")
    boolean pull;

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            description =
                    "How long running answers may go on at the end (default ${DEFAULT-VALUE}).",
            defaultValue = "30")
    long grace = 30;

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            description = "One line for each request; - for standard output.")
    @Nullable Path accessLog;

    @Option(
            names = "--tracking-database",
            paramLabel = "ADDRESS",
            description = "PostgreSQL database for runs, in place of a file.")
    @Nullable String trackingDatabase;

    @Mixin AccountsArguments accounts = new AccountsArguments();

    @Option(
            names = "--hub-database",
            paramLabel = "ADDRESS",
            description = "PostgreSQL database of the hub's own, in place of a file.")
    @Nullable String hubDatabase;

    @Option(
            names = "--hub-bucket",
            paramLabel = "ADDRESS",
            description = "S3 bucket for the hub's files: s3://BUCKET/PREFIX[?endpoint=URL].")
    @Nullable String hubBucket;

    @Option(
            names = "--hub-owner",
            paramLabel = "NAME",
            description =
                    "The hub's first user (default ${DEFAULT-VALUE}); token in JEBENA_HUB_TOKEN or made up.",
            defaultValue = "jebena")
    String hubOwner = "jebena";

    @Option(
            names = "--hub-mirror",
            paramLabel = "URL",
            description = "Another hub, to fetch from what this one has not; HF_TOKEN's rights.")
    @Nullable String hubMirror;

    @Override
    int run() throws InterruptedException {
        JebenaServer server = start();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    System.err.println("jebena: stopping, running answers finish");
                                    server.close();
                                    ended.countDown();
                                },
                                "shutdown"));
        System.err.println(
                "jebena "
                        + Version.number()
                        + " serves at "
                        + server.uri()
                        + " (kernels "
                        + Kernels.best().name()
                        + ")");
        ended.await();
        return ExitCode.OK;
    }

    /// A server with these options.
    JebenaServer start() {
        ServingOptions options = options();
        try {
            Hub hub = Hub.open(Hub.home(System.getenv()));
            Tracking tracking = Tracking.open(trackingOptions());
            try {
                return startWithHub(options, hub, tracking);
            } catch (RuntimeException e) {
                tracking.close();
                throw e;
            }
        } catch (IllegalArgumentException e) {
            // An address that may not be listened on, or is none.
            throw UserError.usage(String.valueOf(e.getMessage()));
        }
    }

    private JebenaServer startWithHub(ServingOptions options, Hub hub, Tracking tracking) {
        S3Blobs bucket = bucket();
        try {
            Repositories repositories = Repositories.open(repositoryOptions(bucket));
            try {
                JebenaServer server =
                        start(options.adapters(adapters(hub)), hub, tracking, repositories);
                return bucket == null ? server : server.closing(bucket::close);
            } catch (RuntimeException e) {
                repositories.close();
                throw e;
            }
        } catch (RuntimeException e) {
            if (bucket != null) {
                bucket.close();
            }
            throw e;
        }
    }

    private @Nullable S3Blobs bucket() {
        return hubBucket == null
                ? null
                : S3Blobs.open(
                        S3Address.parse(hubBucket),
                        Hub.home(System.getenv()).resolve("repositories").resolve("work"));
    }

    private JebenaServer start(
            ServingOptions options, Hub hub, Tracking tracking, Repositories repositories) {
        Accounts known = accounts.open(Hub.home(System.getenv()), exposed(), System.getenv());
        return JebenaServer.start(
                        options,
                        hub,
                        loader(hub),
                        router -> {
                            ConsoleRoutes.mount(router, known != null);
                            DoctorRoutes.mount(router, hub.home());
                            TrackingRoutes.mount(
                                    router,
                                    tracking,
                                    known,
                                    () -> ModelLineage.of(hub.store())::at);
                            RepositoryRoutes.mount(router, repositories, HubReports.all());
                            if (known != null) {
                                repositories.letIn(new HubUsers(known));
                                accounts.mount(router, known, exposed(), System.getenv());
                            }
                        })
                .closing(tracking::close)
                .closing(repositories::close)
                .closing(() -> {
                    if (known != null) {
                        known.close();
                    }
                });
    }

    /// Whether other machines reach the server and no key keeps them out.
    private boolean exposed() {
        return !isLoopback() && !open && keys().isEmpty();
    }

    /// Whoever reaches a server that listens on this machine only may see what is public.
    private RepositoryOptions repositoryOptions(@Nullable S3Blobs bucket) {
        return RepositoryOptions.in(Hub.home(System.getenv()).resolve("repositories"))
                .database(hubDatabase)
                .owner(hubOwner)
                .ownerToken(System.getenv("JEBENA_HUB_TOKEN"))
                .blobs(bucket)
                .upstream(
                        hubMirror == null
                                ? null
                                : HubSettings.of(System.getenv()).withEndpoint(hubMirror))
                .anonymous(open || isLoopback())
                .checks(List.of(new UploadScan()));
    }

    private boolean isLoopback() {
        return host.equals("127.0.0.1") || host.equals("localhost") || host.equals("::1");
    }

    private TrackingOptions trackingOptions() {
        return TrackingOptions.in(RunsPlace.folder(Hub.home(System.getenv())))
                .database(trackingDatabase)
                .privateWebhooks(isLoopback());
    }

    private void check() {
        within("--port", port, 0, 65_535);
        within("--keep-alive", keepAlive, -1, Integer.MAX_VALUE);
        within("--memory", memory, 0, 1L << 32);
        within("--context", context, 0, 1 << 24);
        within("--parallel", parallel, 1, 4096);
        within("--queue", queue, 0, 1 << 20);
        within("--threads", threads, 0, 1024);
        within("--draft-tokens", draftTokens, 0, 64);
        within("--time-limit", (long) Math.ceil(timeLimit), 0, 31_536_000);
        within("--keep-responses", keepResponses, 0, 36_500);
        within("--grace", grace, 0, Integer.MAX_VALUE);
        for (String origin : origins) {
            if (!origin.matches("\\*|null|[a-z][a-z0-9+.-]*://[^/\\s]+")) {
                throw UserError.usage(
                        "--cors: "
                                + origin
                                + " is not an origin\nexpected one like https://app.example, or *");
            }
        }
    }

    private static void within(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw UserError.usage(
                    "%s is %d; expected %d to %d".formatted(option, value, least, most));
        }
    }

    private ModelLoader loader(Hub hub) {
        Map<String, Path> paths = new HashMap<>();
        drafts.forEach((model, draft) ->
                paths.put(hub.resolve(model).name().toString(), hub.resolve(draft).path()));
        return (model, options) ->
                Llm.load(model.path(), options.draft(paths.get(model.name().toString())));
    }

    private Map<String, List<AdapterFile>> adapters(Hub hub) {
        Map<String, List<AdapterFile>> files = new HashMap<>();
        for (String argument : adapters) {
            int at = argument.indexOf('=');
            if (at < 0) {
                throw UserError.usage(
                        "--lora: " + argument + " names no model\nexpected MODEL=PATH");
            }
            String model = hub.resolve(argument.substring(0, at)).name().toString();
            files.computeIfAbsent(model, _ -> new ArrayList<>())
                    .add(AdapterArguments.parse(argument.substring(at + 1)));
        }
        return files;
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>(apiKeys);
        for (String key : System.getenv().getOrDefault("JEBENA_API_KEYS", "").split(",")) {
            if (!key.isBlank()) {
                keys.add(key.strip());
            }
        }
        return keys;
    }

    private ServingOptions options() {
        check();
        HttpServerOptions http =
                HttpServerOptions.defaults()
                        .host(host)
                        .port(port)
                        .apiKeys(keys())
                        .allowOpen(open || accounts.whole(exposed()))
                        .corsOrigins(origins)
                        .graceTime(Duration.ofSeconds(grace))
                        .accessLog(accessLog);
        LlmOptions engine =
                LlmOptions.defaults()
                        .contextLength(context)
                        .maxSequences(parallel)
                        .maxQueue(queue)
                        .threads(threads)
                        .exact(exact)
                        .draftTokens(draftTokens);
        return ServingOptions.defaults()
                .http(http)
                .engine(weights.over(cache.over(engine)))
                .memoryBytes(memory * 1_000_000)
                .keepAlive(Duration.ofSeconds(keepAlive))
                .pullMissing(pull)
                .keepResponses(keepResponses == 0 ? null : Duration.ofDays(keepResponses))
                .adapterFolder(adapterFolder)
                .slotFolder(slotFolder)
                .contextShift(contextShift)
                .timeLimit(timeLimit <= 0 ? null : Duration.ofMillis((long) (timeLimit * 1000)));
    }
}
