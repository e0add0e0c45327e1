#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace clayers {

// Memory that begins on a cache line and is not cleared first.
template <typename T> class Buffer {
  public:
    // Grows to at least `count` elements; its content is lost when it grows.
    T *atLeast(size_t count) {
        if (count > capacity) {
            storage.reset();
            capacity = 0;
            storage.reset(
                static_cast<T *>(::operator new(count * sizeof(T), std::align_val_t(alignment))));
            capacity = count;
        }
        return storage.get();
    }

    T *data() { return storage.get(); }

  private:
    static constexpr size_t alignment = 64;
    struct Free {
        void operator()(T *memory) const { ::operator delete(memory, std::align_val_t(alignment)); }
    };
    std::unique_ptr<T, Free> storage;
    size_t capacity = 0;
};

} // namespace clayers
