package dev.jebena.tensor;

/// Elements by tensors of indices. Negative indices count from the end in [#index] only.
public sealed interface Indexing permits Tensor {
    Tensor self();

    private int axis(int axis, String what) {
        return self().shape().axis(axis, what);
    }

    /// Whole slices of an axis, by a list of indices.
    default Tensor indexSelect(int axis, Tensor index) {
        return Dispatch.one(new Op.IndexSelect(axis(axis, "indexSelect")), self(), index);
    }

    /// `out[i][j] = x[index[i][j]][j]` for axis 0 of a matrix, likewise for others.
    default Tensor gather(int axis, Tensor index) {
        return Dispatch.one(new Op.Gather(axis(axis, "gather")), self(), index);
    }

    /// This with elements replaced: the opposite of gather.
    default Tensor scatter(int axis, Tensor index, Tensor source) {
        return Dispatch.one(new Op.Scatter(axis(axis, "scatter")), self(), index, source);
    }

    default Tensor scatter(int axis, Tensor index, double value) {
        return scatter(axis, index, Tensor.full(index.shape(), value, self().dtype()));
    }

    /// This with elements added.
    default Tensor scatterAdd(int axis, Tensor index, Tensor source) {
        return Dispatch.one(new Op.ScatterAdd(axis(axis, "scatterAdd")), self(), index, source);
    }

    /// This with slices of the source added at the indices of an axis.
    default Tensor indexAdd(int axis, Tensor index, Tensor source) {
        return Dispatch.one(new Op.IndexAdd(axis(axis, "indexAdd")), self(), index, source);
    }

    /// `x[i]` in Python with a tensor of indices: rows of any shape; of booleans, those where it is
    /// true. With several tensors, `x[i, j]`: they broadcast, and stand for the first axes.
    default Tensor index(Tensor... indices) {
        if (indices.length == 1 && indices[0].dtype() == DType.BOOL) {
            return rowsWhere(indices[0]);
        }
        Tensor[] all = Tensors.broadcast(indices);
        Tensor flat = null;
        Shape shape = self().shape();
        for (int i = 0; i < all.length; i++) {
            Tensor wrapped = wrap(all[i], shape.dim(i), i);
            flat = flat == null ? wrapped : flat.mul(shape.dim(i)).add(wrapped);
        }
        if (flat == null) {
            return self();
        }
        Shape rest = shape.slice(all.length, shape.rank());
        int rows = Math.toIntExact(shape.slice(0, all.length).size());
        Tensor selected =
                self().reshape(Shape.of(rows).concat(rest)).indexSelect(0, flat.flatten());
        return selected.reshape(all[0].shape().concat(rest));
    }

    private Tensor wrap(Tensor index, int length, int axis) {
        Tensor wide = index.to(DType.INT64);
        if (wide.isConcrete() && wide.size() > 0) {
            long least = wide.min().itemLong();
            long most = wide.max().itemLong();
            if (least < -length || most >= length) {
                throw TensorException.index(
                        "index: %d is out of range for axis %d of %s (%d to %d)",
                        least < -length ? least : most, axis, self().shape(), -length, length - 1);
            }
            if (least >= 0) {
                return wide;
            }
        }
        return wide.lt(0).where(wide.add(length), wide);
    }

    private Tensor rowsWhere(Tensor mask) {
        Shape shape = self().shape();
        Shape masked = mask.shape();
        if (masked.rank() > shape.rank() || !shape.slice(0, masked.rank()).equals(masked)) {
            throw TensorException.shape(
                    "index: a mask of shape %s does not fit the first axes of %s", masked, shape);
        }
        Tensor places = mask.flatten().nonzero().flatten();
        Shape rest = shape.slice(masked.rank(), shape.rank());
        Shape rows = Shape.of(Math.toIntExact(masked.size())).concat(rest);
        return self().reshape(rows).indexSelect(0, places);
    }

    /// The elements where `mask`, broadcast, is true, as a vector.
    default Tensor maskedSelect(Tensor mask) {
        Shape shape = Shape.broadcast("maskedSelect", self().shape(), mask.shape());
        Tensor places = mask.expand(shape).flatten().nonzero().flatten();
        return self().expand(shape).flatten().indexSelect(0, places);
    }

    /// Indices of the elements that are not 0, one row each. Needs known elements.
    default Tensor nonzero() {
        return ValueShapes.nonzero(self());
    }

    /// The vector's elements by `index`, of any shape, along the flattened tensor.
    default Tensor take(Tensor index) {
        return self().flatten().index(index);
    }

    /// One-hot vectors of `classes` int64 numbers.
    default Tensor oneHot(int classes) {
        return self().unsqueeze(-1).eq(Tensor.arange(classes)).to(DType.INT64);
    }
}
