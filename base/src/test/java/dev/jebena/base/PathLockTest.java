package dev.jebena.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathLockTest {
    @TempDir Path folder;

    @Test
    void sharedHoldersExcludeAnExclusiveOne() {
        Path file = folder.resolve("a.lock");
        PathLock one = PathLock.shared(file);
        PathLock two = PathLock.shared(file);

        assertThat(PathLock.tryExclusive(file)).isEmpty();
        one.close();
        one.close();
        assertThat(PathLock.tryExclusive(file)).isEmpty();
        two.close();
        try (PathLock _ = PathLock.exclusive(file)) {
            assertThat(PathLock.tryShared(file)).isEmpty();
        }
        assertThat(PathLock.tryShared(file)).hasValueSatisfying(PathLock::close);
    }

    @Test
    void whoMayOnlyReadSharesTheLock() throws IOException {
        Path file = Files.createFile(folder.resolve("c.lock"));
        assumeTrue(file.toFile().setReadOnly() && !Files.isWritable(file), "root may write");

        try (PathLock _ = PathLock.shared(file)) {
            assertThat(PathLock.tryExclusive(file)).isEmpty();
        }
        assertThatThrownBy(() -> PathLock.exclusive(file)).isInstanceOf(Problem.class);
    }

    @Test
    void onlyOneThreadAtATimeIsInside() throws InterruptedException {
        Path file = folder.resolve("b.lock");
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] =
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int n = 0; n < 5; n++) {
                                    try (PathLock _ = PathLock.exclusive(file)) {
                                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                        Thread.onSpinWait();
                                        inside.decrementAndGet();
                                    }
                                }
                            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void problemsCarryStatusSummaryAndRemedy() {
        Problem problem = new Problem(Problem.Code.NOT_FOUND, "no x", "make one");

        assertThat(problem.status()).isEqualTo(404);
        assertThat(problem.summary()).isEqualTo("no x");
        assertThat(problem.remedy()).isEqualTo("make one");
        assertThat(problem).hasMessage("no x\nmake one");
    }
}
