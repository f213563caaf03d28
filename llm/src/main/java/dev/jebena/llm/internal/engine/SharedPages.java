package dev.jebena.llm.internal.engine;

import dev.jebena.compute.KvPages;
import dev.jebena.llm.internal.model.KvPool;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets sequences that begin alike share the pages of their beginning, and keeps pages that nobody
/// uses for a while: the next question of a conversation begins with all that was said before.
///
/// A page is shared when it is full. It is found by its tokens and the page before it, compared
/// token by token, and it holds the very bits that would be computed again. For the engine's
/// thread.
final class SharedPages {
    /// A full page.
    static final class Page {
        private final Content content;
        private final long offset;
        private int users = 1;

        private Page(Content content, long offset) {
            this.content = content;
            this.offset = offset;
        }

        long offset() {
            return offset;
        }
    }

    /// The tokens of a page and, by the page before it, all tokens before.
    private static final class Content {
        private final @Nullable Page before;
        private final int[] tokens;
        private final int hash;

        Content(@Nullable Page before, int[] sequence, int page) {
            this.before = before;
            this.tokens =
                    Arrays.copyOfRange(sequence, page * KvPages.PAGE, (page + 1) * KvPages.PAGE);
            this.hash = 31 * System.identityHashCode(before) + Arrays.hashCode(tokens);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Content content
                    && content.before == before
                    && Arrays.equals(content.tokens, tokens);
        }
    }

    private final KvPool pool;
    private final int idleLimit;
    private final Map<Content, Page> pages = new HashMap<>();
    // Least recently used first.
    private final LinkedHashSet<Page> idle = new LinkedHashSet<>();

    /// @param idleLimit pages at most that are kept though nobody uses them
    SharedPages(KvPool pool, int idleLimit) {
        this.pool = pool;
        this.idleLimit = idleLimit;
    }

    /// Pages that can be had, those included that are only kept.
    int free() {
        return pool.freePages();
    }

    /// Appends `count` pages; there must be as many free.
    void take(SequencePages target, int count) {
        for (int i = 0; i < count; i++) {
            if (pool.untakenPages() == 0) {
                forgetOldest();
            }
            target.add(pool.take());
        }
    }

    /// Appends the pages that hold the beginning of `tokens` already, but for the last token, which
    /// must be computed to get on. Returns the number of positions.
    int adopt(int[] tokens, int length, SequencePages target) {
        while ((target.count() + 1) * KvPages.PAGE < length) {
            Page page = pages.get(new Content(target.last(), tokens, target.count()));
            if (page == null) {
                break;
            }
            if (page.users++ == 0) {
                idle.remove(page);
                pool.kept(idle.size());
            }
            target.add(page);
        }
        return target.count() * KvPages.PAGE;
    }

    /// Offers the pages that `computed` positions fill to others.
    void seal(int[] tokens, int computed, SequencePages target) {
        while ((target.sealed() + 1) * KvPages.PAGE <= computed) {
            int number = target.sealed();
            Content content = new Content(target.last(), tokens, number);
            Page known = pages.get(content);
            if (known == null) {
                Page page = new Page(content, target.offsets()[number]);
                pages.put(content, page);
                target.seal(page, true);
            } else {
                target.seal(known, false);
            }
        }
    }

    /// Takes all pages of a sequence back, the later ones to be forgotten first.
    void release(SequencePages source) {
        for (int i = source.count() - 1; i >= 0; i--) {
            Page page = i < source.sealed() ? source.shared(i) : null;
            if (page == null) {
                pool.release(source.offsets()[i]);
            } else if (--page.users == 0) {
                idle.add(page);
            }
        }
        source.clear();
        while (idle.size() > idleLimit) {
            forgetOldest();
        }
        pool.kept(idle.size());
    }

    private void forgetOldest() {
        Page oldest = idle.removeFirst();
        pages.remove(oldest.content);
        pool.release(oldest.offset);
        pool.kept(idle.size());
    }
}
