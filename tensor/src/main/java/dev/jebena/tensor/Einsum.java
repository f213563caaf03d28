package dev.jebena.tensor;

import java.util.ArrayList;
import java.util.List;

/// Einstein's notation: a letter for each axis; letters that the result lacks are summed over.
/// `...` stands for axes that broadcast; without `->` the result has the letters that occur once,
/// in alphabetic order. Operands are contracted two at a time from the left, each by one matrix
/// product.
final class Einsum {
    /// Letters for the axes that `...` stands for.
    private static final char ELLIPSIS = (char) 0x100;

    private record Labelled(Tensor tensor, String labels) {}

    private Einsum() {}

    static Tensor of(String equation, Tensor... operands) {
        String[] sides = equation.replace(" ", "").split("->", -1);
        String[] inputs = sides[0].split(",", -1);
        if (inputs.length != operands.length || sides.length > 2) {
            throw TensorException.value(
                    "einsum \"%s\": %d operands are given, %d are described",
                    equation, operands.length, inputs.length);
        }
        List<Labelled> terms = new ArrayList<>();
        int most = 0;
        for (int i = 0; i < operands.length; i++) {
            String labels = expandEllipsis(equation, inputs[i], operands[i].shape());
            most = Math.max(most, (int) labels.chars().filter(c -> c >= ELLIPSIS).count());
            terms.add(diagonals(new Labelled(operands[i], labels)));
        }
        String output = sides.length == 2 ? output(sides[1], most) : implied(terms);
        Labelled result = terms.getFirst();
        for (int i = 1; i < terms.size(); i++) {
            String later = output + labels(terms.subList(i + 1, terms.size()));
            result = contract(result, terms.get(i), later);
        }
        return arrange(equation, sumOut(result, output), output);
    }

    private static String ellipsis(int count) {
        StringBuilder letters = new StringBuilder();
        // Numbered from the last axis, so that operands with fewer axes align at the end.
        for (int i = count - 1; i >= 0; i--) {
            letters.append((char) (ELLIPSIS + i));
        }
        return letters.toString();
    }

    private static String expandEllipsis(String equation, String labels, Shape shape) {
        int named = labels.replace("...", "").length();
        int hidden = shape.rank() - named;
        if (hidden < 0 || (hidden > 0 && !labels.contains("..."))) {
            throw TensorException.shape(
                    "einsum \"%s\": \"%s\" names %d axes, shape %s has %d",
                    equation, labels, named, shape, shape.rank());
        }
        return labels.replace("...", ellipsis(hidden));
    }

    private static String output(String side, int most) {
        return side.replace("...", ellipsis(most));
    }

    private static String implied(List<Labelled> terms) {
        String all = labels(terms);
        StringBuilder output = new StringBuilder();
        all.chars()
                .distinct()
                .sorted()
                .filter(c -> c < ELLIPSIS && all.indexOf(c) == all.lastIndexOf(c))
                .forEach(c -> output.append((char) c));
        int most = (int) all.chars().filter(c -> c >= ELLIPSIS).distinct().count();
        return ellipsis(most) + output;
    }

    private static String labels(List<Labelled> terms) {
        StringBuilder all = new StringBuilder();
        terms.forEach(term -> all.append(term.labels()));
        return all.toString();
    }

    /// A letter that occurs twice takes the diagonal.
    private static Labelled diagonals(Labelled term) {
        Tensor x = term.tensor();
        String labels = term.labels();
        for (int i = 0; i < labels.length(); i++) {
            int again = labels.indexOf(labels.charAt(i), i + 1);
            if (again >= 0) {
                Tensor moved = x.moveAxis(again, -1).moveAxis(i, -2).diagonal();
                char letter = labels.charAt(i);
                String rest =
                        new StringBuilder(labels).deleteCharAt(again).deleteCharAt(i).toString();
                return diagonals(new Labelled(moved, rest + letter));
            }
        }
        return term;
    }

    private static Labelled sumOut(Labelled term, String kept) {
        Tensor x = term.tensor();
        StringBuilder labels = new StringBuilder(term.labels());
        for (int i = labels.length() - 1; i >= 0; i--) {
            if (kept.indexOf(labels.charAt(i)) < 0) {
                x = x.sum(i);
                labels.deleteCharAt(i);
            }
        }
        return new Labelled(x, labels.toString());
    }

    /// One batched matrix product: letters of both that are needed later are the batch, others of
    /// both are summed over.
    private static Labelled contract(Labelled left, Labelled right, String later) {
        Labelled a = sumOut(left, later + right.labels());
        Labelled b = sumOut(right, later + left.labels());
        StringBuilder batch = new StringBuilder();
        StringBuilder inner = new StringBuilder();
        StringBuilder rows = new StringBuilder();
        StringBuilder columns = new StringBuilder();
        for (char c : a.labels().toCharArray()) {
            boolean both = b.labels().indexOf(c) >= 0;
            (!both ? rows : later.indexOf(c) >= 0 ? batch : inner).append(c);
        }
        for (char c : b.labels().toCharArray()) {
            if (a.labels().indexOf(c) < 0) {
                columns.append(c);
            }
        }
        Tensor x = order(a, "" + batch + rows + inner);
        Tensor y = order(b, "" + batch + inner + columns);
        int shared = batch.length();
        Shape common =
                Shape.broadcast("einsum", x.shape().slice(0, shared), y.shape().slice(0, shared));
        Shape rowShape = x.shape().slice(shared, shared + rows.length());
        Shape columnShape = y.shape().slice(y.rank() - columns.length(), y.rank());
        Shape innerX = x.shape().slice(x.rank() - inner.length(), x.rank());
        Shape innerY = y.shape().slice(shared, shared + inner.length());
        Shape innerShape = Shape.broadcast("einsum", innerX, innerY);
        x = x.expand(common.concat(rowShape).concat(innerShape));
        y = y.expand(common.concat(innerShape).concat(columnShape));
        int b0 = count(common);
        Tensor product =
                x.reshape(b0, count(rowShape), count(innerShape))
                        .matmul(y.reshape(b0, count(innerShape), count(columnShape)));
        return new Labelled(
                product.reshape(common.concat(rowShape).concat(columnShape)),
                "" + batch + rows + columns);
    }

    private static int count(Shape shape) {
        return Math.toIntExact(shape.size());
    }

    private static Tensor order(Labelled term, String labels) {
        int[] order = new int[labels.length()];
        for (int i = 0; i < order.length; i++) {
            order[i] = term.labels().indexOf(labels.charAt(i));
        }
        return term.tensor().permute(order);
    }

    private static Tensor arrange(String equation, Labelled term, String output) {
        for (int i = 0; i < output.length(); i++) {
            char c = output.charAt(i);
            if (term.labels().indexOf(c) < 0 || output.indexOf(c) != output.lastIndexOf(c)) {
                throw TensorException.value(
                        "einsum \"%s\": \"%c\" must occur once in the result, and in an operand",
                        equation, c);
            }
        }
        return order(term, output);
    }
}
