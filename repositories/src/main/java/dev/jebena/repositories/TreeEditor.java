package dev.jebena.repositories;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/// Changes to the files of a commit. Only folders on the way to a change are read and written.
final class TreeEditor {
    private final ObjectReader reader;
    private final Folder root;

    /// @param tree the files to begin with; null for none
    TreeEditor(ObjectReader reader, @Nullable ObjectId tree) {
        this.reader = reader;
        this.root = new Folder(tree);
    }

    /// A file, or a folder that nobody has looked into yet, or one that somebody has.
    private static final class Item {
        final FileMode mode;
        final ObjectId id;
        @Nullable Folder folder;

        Item(FileMode mode, ObjectId id) {
            this.mode = mode;
            this.id = id;
        }

        boolean isFolder() {
            return mode == FileMode.TREE;
        }
    }

    private static final class Folder {
        final @Nullable ObjectId id;
        @Nullable Map<String, Item> items;
        boolean changed;

        Folder(@Nullable ObjectId id) {
            this.id = id;
        }
    }

    private Map<String, Item> items(Folder folder) throws IOException {
        Map<String, Item> known = folder.items;
        if (known == null) {
            known = new HashMap<>();
            if (folder.id != null) {
                CanonicalTreeParser tree = new CanonicalTreeParser(null, reader, folder.id);
                for (; !tree.eof(); tree.next(1)) {
                    known.put(
                            tree.getEntryPathString(),
                            new Item(tree.getEntryFileMode(), tree.getEntryObjectId()));
                }
            }
            folder.items = known;
        }
        return known;
    }

    private static Folder folder(Item item) {
        Folder folder = item.folder;
        if (folder == null) {
            folder = new Folder(item.id);
            item.folder = folder;
        }
        return folder;
    }

    /// Sets a file. Throws status 400 where a folder has its name, or a file the name of one of its
    /// folders.
    void put(String path, FileMode mode, ObjectId blob) throws IOException {
        Folder at = root;
        String[] parts = path.split("/");
        for (int i = 0; i < parts.length - 1; i++) {
            at.changed = true;
            Item item = items(at).get(parts[i]);
            if (item == null) {
                item = new Item(FileMode.TREE, ObjectId.zeroId());
                item.folder = new Folder(null);
                items(at).put(parts[i], item);
            } else if (!item.isFolder()) {
                throw HubError.bad("Cannot add " + path + ": " + parts[i] + " is a file");
            }
            at = folder(item);
        }
        at.changed = true;
        String name = parts[parts.length - 1];
        Item there = items(at).get(name);
        if (there != null && there.isFolder()) {
            throw HubError.bad("Cannot add " + path + ": it is a folder");
        }
        FileMode kept = there != null && mode == FileMode.REGULAR_FILE ? there.mode : mode;
        items(at).put(name, new Item(kept, blob));
    }

    /// Removes a file or a folder with all that is in it; false when there is none.
    ///
    /// @param folder what is expected: a folder, or a file
    boolean remove(String path, boolean folder) throws IOException {
        String[] parts = path.split("/");
        Folder at = root;
        Folder[] way = new Folder[parts.length];
        for (int i = 0; i < parts.length; i++) {
            way[i] = at;
            Item item = items(at).get(parts[i]);
            boolean last = i == parts.length - 1;
            if (item == null || item.isFolder() != (!last || folder)) {
                return false;
            }
            if (last) {
                items(at).remove(parts[i]);
            } else {
                at = folder(item);
            }
        }
        for (Folder passed : way) {
            passed.changed = true;
        }
        return true;
    }

    /// Writes the folders that changed; the id of the root's tree. Folders without files vanish.
    ObjectId write(ObjectInserter inserter) throws IOException {
        ObjectId written = write(root, inserter);
        return written == null ? inserter.insert(new TreeFormatter()) : written;
    }

    private @Nullable ObjectId write(Folder folder, ObjectInserter inserter) throws IOException {
        if (!folder.changed) {
            return folder.id;
        }
        TreeFormatter tree = new TreeFormatter();
        boolean empty = true;
        for (Map.Entry<String, Item> entry : sorted(items(folder))) {
            Item item = entry.getValue();
            Folder inner = item.folder;
            ObjectId id = inner == null ? item.id : write(inner, inserter);
            if (id != null) {
                tree.append(entry.getKey(), item.mode, id);
                empty = false;
            }
        }
        return empty ? null : inserter.insert(tree);
    }

    /// Git's order: bytes without sign, a folder's name as if a slash followed.
    private static List<Map.Entry<String, Item>> sorted(Map<String, Item> items) {
        Comparator<Map.Entry<String, Item>> order =
                Comparator.comparing(TreeEditor::key, Arrays::compareUnsigned);
        return items.entrySet().stream().sorted(order).toList();
    }

    private static byte[] key(Map.Entry<String, Item> entry) {
        String name = entry.getValue().isFolder() ? entry.getKey() + "/" : entry.getKey();
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
