package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyTileRunsExactlyOnceInEveryRun(int count) {
        try (Workers workers = Workers.of(count)) {
            assertThat(workers.count()).isEqualTo(count);
            for (int tiles : new int[] {0, 1, 2, 3, 7, 64, 1000}) {
                for (int repeat = 0; repeat < 50; repeat++) {
                    AtomicIntegerArray done = new AtomicIntegerArray(Math.max(1, tiles));
                    AtomicBoolean badWorker = new AtomicBoolean();
                    workers.run(
                            tiles,
                            (tile, worker) -> {
                                done.incrementAndGet(tile);
                                if (worker < 0 || worker >= count) {
                                    badWorker.set(true);
                                }
                            });
                    for (int tile = 0; tile < tiles; tile++) {
                        assertThat(done.get(tile)).isEqualTo(1);
                    }
                    assertThat(badWorker).isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anExceptionIsThrownAfterAllTilesEndedAndTheNextRunWorks(int count) {
        try (Workers workers = Workers.of(count)) {
            AtomicInteger ended = new AtomicInteger();
            assertThatThrownBy(() ->
                            workers.run(
                                    20,
                                    (tile, worker) -> {
                                        ended.incrementAndGet();
                                        if (tile % 5 == 3) {
                                            throw new IllegalArgumentException("tile");
                                        }
                                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("tile");
            assertThat(ended).hasValue(20);
            workers.run(20, (tile, worker) -> ended.incrementAndGet());
            assertThat(ended).hasValue(40);
        }
    }

    @Test
    void aRunEndsWhileOtherThreadsKeepAllCoresBusy() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        Thread[] neighbours = new Thread[2 * Runtime.getRuntime().availableProcessors()];
        for (int i = 0; i < neighbours.length; i++) {
            neighbours[i] = Thread.ofPlatform().daemon().start(() -> busyUntil(stop));
        }
        AtomicInteger sum = new AtomicInteger();
        try (Workers workers = Workers.of(3)) {
            for (int i = 0; i < 200; i++) {
                workers.run(9, (tile, worker) -> sum.addAndGet(tile));
            }
        } finally {
            stop.set(true);
            for (Thread neighbour : neighbours) {
                neighbour.join();
            }
        }
        assertThat(sum).hasValue(200 * 36);
    }

    private static void busyUntil(AtomicBoolean stop) {
        while (!stop.get()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void severalCallersTakeTurns() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger tiles = new AtomicInteger();
        AtomicBoolean overlapped = new AtomicBoolean();
        try (Workers workers = Workers.of(2)) {
            Thread[] callers = new Thread[4];
            for (int i = 0; i < callers.length; i++) {
                int own = i;
                callers[i] =
                        Thread.ofVirtual()
                                .start(() -> {
                                    for (int run = 0; run < 100; run++) {
                                        AtomicInteger owner = new AtomicInteger(own);
                                        workers.run(
                                                2,
                                                (tile, worker) -> {
                                                    if (inside.incrementAndGet() > 2
                                                            || owner.get() != own) {
                                                        overlapped.set(true);
                                                    }
                                                    tiles.incrementAndGet();
                                                    inside.decrementAndGet();
                                                });
                                    }
                                });
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }
        assertThat(overlapped).isFalse();
        assertThat(tiles).hasValue(800);
    }

    @Test
    void aRunWithinATileIsRefused() {
        try (Workers workers = Workers.of(2)) {
            assertThatThrownBy(() -> workers.run(2, (t, w) -> workers.run(1, (u, v) -> {})))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("within a tile");
        }
    }

    @Test
    void aClosedPoolRefusesRunsAndItsThreadsHaveEnded() {
        Workers workers = Workers.of(3);
        workers.run(3, (tile, worker) -> {});
        workers.close();
        workers.close();
        assertThatThrownBy(() -> workers.run(1, (tile, worker) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aCountBelowOneIsRefused() {
        assertThatThrownBy(() -> Workers.of(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }

    @Test
    void aThreadThatWasLateGetsNoTilesForAWhile() {
        int tiles = 64;
        AtomicInteger byOther = new AtomicInteger();
        AtomicInteger next = new AtomicInteger();
        try (Workers workers = new TileWorkers(2, 60_000_000_000L)) {
            // Until it has taken part once, and was slow then.
            while (byOther.get() == 0) {
                workers.run(
                        tiles,
                        (tile, worker) -> {
                            if (worker == 1) {
                                byOther.incrementAndGet();
                                sleep(50);
                            }
                        });
            }
            for (int i = 0; i < 100; i++) {
                workers.run(
                        tiles,
                        (tile, worker) -> {
                            next.incrementAndGet();
                            byOther.addAndGet(worker);
                        });
            }
        }
        assertThat(next).hasValue(100 * tiles);
        assertThat(byOther).hasValue(1);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
