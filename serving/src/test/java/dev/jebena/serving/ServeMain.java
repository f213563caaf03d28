package dev.jebena.serving;

import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.ProgressListener;
import dev.jebena.hub.Hub;
import dev.jebena.hub.ModelRecipe;
import dev.jebena.testkit.FakeLlm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Starts a server for the conformance scripts: `ServeMain HOME PORT fake|real [NAME=FILE ...]`.
public final class ServeMain {
    private ServeMain() {}

    static void main(String[] args) throws InterruptedException {
        boolean fake = args[2].equals("fake");
        Hub hub = Hub.open(Path.of(args[0]));
        for (int i = 3; i < args.length; i++) {
            String[] parts = args[i].split("=", 2);
            if (hub.store().find(parts[0]).isEmpty()) {
                hub.store().create(parts[0], ModelRecipe.from(parts[1]), ProgressListener.none());
            }
        }
        ServingOptions options =
                ServingOptions.defaults()
                        .http(
                                HttpServerOptions.defaults()
                                        .port(Integer.parseInt(args[1]))
                                        .apiKeys(List.of())
                                        .accessLog(HttpServerOptions.STANDARD_OUTPUT));
        ModelLoader loader =
                (model, _) ->
                        FakeLlm.of(
                                FakeLlm.Settings.defaults()
                                        .delay(
                                                Duration.ofMillis(
                                                        Integer.getInteger("jebena.test.delay", 0)))
                                        .embeds(model.details().family().equals("bert")));
        JebenaServer server =
                JebenaServer.start(options, hub, fake ? loader : ModelLoader.standard(), _ -> {});
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("listening on " + server.uri());
        Thread.currentThread().join();
    }
}
