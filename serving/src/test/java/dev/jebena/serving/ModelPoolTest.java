package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpException;
import dev.jebena.hub.ModelDetails;
import dev.jebena.hub.ModelName;
import dev.jebena.hub.StoredModel;
import dev.jebena.llm.LlmException;
import dev.jebena.testkit.FakeLlm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelPoolTest {
    private final List<String> loads = new CopyOnWriteArrayList<>();
    private final List<FakeLlm> engines = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private ModelPool pool = pool(ServingOptions.defaults());

    private ModelPool pool(ServingOptions options) {
        return new ModelPool(
                (model, engine) -> {
                    loads.add(model.name().model() + " " + engine.contextLength());
                    if (model.name().model().equals("slow")) {
                        await(gate);
                    }
                    if (model.name().model().equals("broken")) {
                        throw new LlmException(LlmException.Code.BAD_MODEL, "a tensor is missing");
                    }
                    int context = engine.contextLength() == 0 ? 500 : engine.contextLength();
                    FakeLlm llm = FakeLlm.of(FakeLlm.Settings.defaults().contextLength(context));
                    engines.add(llm);
                    return llm;
                },
                options);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        gate.countDown();
        pool.close();
    }

    private static StoredModel model(String name, long size) {
        return new StoredModel(
                ModelName.parse(name),
                () -> ContentId.of(name.getBytes(StandardCharsets.UTF_8)),
                size,
                Instant.EPOCH,
                new ModelDetails("gguf", "llama", List.of(), "1M", "F32", "", 1, 100),
                Path.of(name),
                List.of(),
                Map.of(),
                null,
                null,
                List.of(),
                List.of(),
                null);
    }

    @Test
    void requestsForALoadingModelWaitForOneLoad() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ModelLease>> leases = new ArrayList<>();
            Callable<ModelLease> acquire = () -> pool.acquire(model("slow", 10), 0, null);
            for (int i = 0; i < 20; i++) {
                leases.add(threads.submit(acquire));
            }
            Thread.sleep(100);
            gate.countDown();
            for (Future<ModelLease> lease : leases) {
                lease.get().close();
            }
        }
        assertThat(loads).hasSize(1);
        assertThat(pool.loaded()).hasSize(1);
    }

    @Test
    void failedLoadIsReportedAndTriedAgain() {
        for (int i = 1; i <= 2; i++) {
            assertThatThrownBy(() -> pool.acquire(model("broken", 10), 0, null))
                    .isInstanceOf(LlmException.class)
                    .hasMessage("a tensor is missing");
            assertThat(loads).hasSize(i);
        }
        assertThat(pool.loaded()).isEmpty();
    }

    @Test
    void keepAliveUnloadsNowLaterOrNever() throws Exception {
        pool.acquire(model("now", 10), 0, Duration.ZERO).close();
        assertThat(pool.loaded()).isEmpty();
        pool.acquire(model("later", 10), 0, Duration.ofMillis(300)).close();
        pool.acquire(model("never", 10), 0, Duration.ofSeconds(-1)).close();
        assertThat(pool.loaded()).hasSize(2);
        Thread.sleep(800);
        assertThat(pool.loaded()).hasSize(1);
        assertThat(pool.loaded().getFirst().expires()).isNull();
        assertThat(pool.unload(model("never", 10))).isTrue();
        assertThat(pool.unload(model("never", 10))).isFalse();
        Thread.sleep(100);
        assertThat(engines).allMatch(FakeLlm::closed);
    }

    @Test
    void busyModelsStayAndTheLongestIdleGoesFirst() {
        pool.close();
        pool = pool(ServingOptions.defaults().memoryBytes(4000));
        ModelLease busy = pool.acquire(model("busy", 1000), 0, null);
        pool.acquire(model("old", 1000), 0, null).close();
        pool.acquire(model("young", 1000), 0, null).close();
        // Each fake takes 2,000 bytes once it is loaded: the third made the second go.
        assertThat(pool.loaded())
                .extracting(m -> m.model().name().model())
                .containsExactlyInAnyOrder("young", "busy");
        pool.unload(model("busy", 1000));
        assertThat(pool.loaded()).hasSize(2);
        busy.close();
        assertThat(pool.loaded()).hasSize(1);
        assertThatThrownBy(() -> pool.acquire(model("huge", 10_000), 0, null))
                .isInstanceOf(HttpException.class)
                .hasMessageContaining("--memory");
    }

    @Test
    void shorterContextKeepsTheLoadedModelAndNoneIsLongerThanTheModels() {
        pool.acquire(model("m", 10), 100, null).close();
        try (ModelLease lease = pool.acquire(model("m", 10), 50, null)) {
            assertThat(lease.llm().contextLength()).isEqualTo(100);
        }
        pool.acquire(model("other", 10), 1 << 24, null).close();
        assertThat(loads).containsExactly("m 100", "other 100");
    }
}
