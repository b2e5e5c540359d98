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
