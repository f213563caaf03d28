package dev.jebena.serving;

import dev.jebena.base.HttpServerOptions;
import dev.jebena.hub.Hub;
import dev.jebena.testkit.FakeLlm;
import java.nio.file.Path;
import java.util.List;

/// Starts a server for the conformance scripts: `ServeMain HOME PORT [fake]`.
public final class ServeMain {
    private ServeMain() {}

    static void main(String[] args) throws InterruptedException {
        boolean fake = args.length > 2;
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
                                        .embeds(model.details().family().equals("bert")));
        JebenaServer server =
                JebenaServer.start(
                        options,
                        Hub.open(Path.of(args[0])),
                        fake ? loader : ModelLoader.standard(),
                        _ -> {});
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("listening on " + server.uri());
        Thread.currentThread().join();
    }
}
