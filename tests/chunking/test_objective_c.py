"""Objective-C: what stands before `@end` belongs to its class, though it is indented no deeper."""

from wherein.chunking.chunker import chunk

HEADER = """\
#import <Foundation/Foundation.h>

@class Item;
@protocol CartDelegate;

typedef NS_ENUM(NSInteger, CartState) {
    CartStateEmpty,
};
typedef void (^CartHandler)(BOOL done);

/// What somebody wants to buy.
@interface Cart : NSObject <NSCopying>
@property (nonatomic, copy) NSString *owner;
- (instancetype)initWithOwner:(NSString *)owner NS_DESIGNATED_INITIALIZER;
- (void)addItem:(Item *)item count:(NSUInteger)count;
- (void)run:(void (^)(BOOL))done;
- touch;
@end

@protocol CartDelegate <NSObject>
- (void)cartChanged:(Cart *)cart;
@end

NSUInteger CartTotal(Cart *cart);

static inline int twice(int a) { return a + a; }
"""


def test_a_header_of_objective_c_gives_its_classes_protocols_and_methods() -> None:
    pieces = chunk("Cart.h", HEADER)
    names = {name for piece in pieces for name in (piece.symbol, *piece.names)}
    assert {"CartState", "CartHandler", "Cart", "owner", "initWithOwner", "addItem", "run", "touch"} <= names
    assert {"CartDelegate", "cartChanged", "twice"} <= names
    assert "Item" not in names
    qualified = {piece.qualified_name for piece in pieces}
    assert {"Cart.initWithOwner", "CartDelegate.cartChanged", "twice"} <= qualified
    protocol = next(piece for piece in pieces if piece.symbol == "CartDelegate")
    assert protocol.kind == "interface"
    assert protocol.start_line > HEADER[: HEADER.index("@end")].count("\n")


def test_a_method_is_found_by_its_first_word_and_by_its_whole_selector() -> None:
    names = {piece.symbol: piece.names for piece in chunk("Cart.h", HEADER)}
    assert "addItem:count:" in names["addItem"]
    assert "touch:" not in names["touch"]


def test_what_macros_hide_from_the_grammar_is_found() -> None:
    text = """\
@interface Feed : NSObject
- (void)setDone:(nullable void (^)(Feed *_Nullable feed))done API_AVAILABLE(ios(10), macos(10.12));
- (nullable Feed *)GET:(NSString *)path headers:(nullable NSDictionary<NSString *, id> *)headers;
@property (nonatomic, strong) NSMetrics *metrics API_AVAILABLE(ios(10)) API_UNAVAILABLE(tvos);
@end
@implementation Feed
SYNTHESIZE_SINGLETON(Feed)
#if TARGET_OS_IOS
- (void)show:(UIView *)view {
#else
- (void)show:(NSView *)view {
#endif
}
RCT_EXPORT_METHOD(openURL:(NSURL *)url resolver:(Resolve)resolve)
{
}
- (void)last {
}
@end
typedef NS_OPTIONS(NSUInteger, FeedFlags) { FeedFlagsNone = 0, FeedFlagsFast = 1 << 0 } NS_SWIFT_NAME(Feed.Flags);
"""
    pieces = chunk("Feed.m", text)
    found = {name for piece in pieces for name in (piece.qualified_name, *piece.names)}
    assert {
        "Feed.setDone",
        "GET:headers:",
        "metrics",
        "Feed.show",
        "Feed.last",
        "FeedFlags",
        "FeedFlagsFast",
    } <= found
    assert any(name.endswith("openURL") for name in found)


def test_a_file_of_two_languages_gives_what_each_of_them_defines() -> None:
    text = """\
namespace shop {
class Pool final : public Base<int> {
public:
    explicit Pool(size_t size) : size_(size) {}
    size_t size_ = 0;
};
Price Pool::cheapest(const std::string &name) const {
    return *std::min_element(a.begin(), a.end(), [](auto *a, auto *b) { return *a < *b; });
}
}
@implementation Cart
- (shop::Price)total:(const std::vector<shop::Price> &)prices {
    for (auto &price : prices) { price.cents += 1; }
    return prices[0];
}
@end
bool same(const Price &a, const Price &b) { return a.cents == b.cents; }
"""
    found = {piece.symbol for piece in chunk("Cart.mm", text)}
    assert {"Pool", "cheapest", "Cart", "total", "same"} <= found
