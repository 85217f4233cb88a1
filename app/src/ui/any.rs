//! A view of any type as one type, without what no page needs.
//!
//! [`leptos::prelude::IntoAny`] compiles two ways to take over a page that the server drew: one that waits for parts of it,
//! and one that does not. Nothing here waits, but a table of functions keeps the first. The builder empties it
//! (`.xtask/src/snip`); what it still left behind was 2.5 kB of the portal. [`Any::any`] makes the first out of the second.
//!
//! A redrawing takes over what stands at the same place, if it is the same thing: whatever was unfolded stays unfolded, and
//! the focus stays where it is. [`Any::anew`] is for what must never be taken over.

use leptos::{
    prelude::*,
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        renderer::types,
        ssr::StreamBuilder,
        view::{Mountable, Position, PositionState, add_attr::AddAnyAttr},
    },
};

/// Becomes an [`AnyView`].
pub trait Any {
    /// As a view of the one type.
    fn any(self) -> AnyView;

    /// The same for what a person types in or taps: the next drawing has its own. Words would stay in a field that is another
    /// one by now, and a finger on its way down would find another button under it.
    fn anew(self) -> AnyView;
}

impl<T: RenderHtml + 'static> Any for T {
    fn any(self) -> AnyView {
        Whole(Always, self).into_any()
    }

    fn anew(self) -> AnyView {
        Whole(Never, self).into_any()
    }
}

/// A view that is taken over by a drawing with the same key.
pub(super) fn keyed<K: Key>(key: K, view: impl RenderHtml + 'static) -> AnyView {
    Whole(key, view).into_any()
}

/// Tells whether two drawings of a place are of the same thing.
pub(super) trait Key: Send + 'static {
    /// They are.
    fn is(&self, other: &Self) -> bool;
}

struct Always;

impl Key for Always {
    fn is(&self, _: &Self) -> bool {
        true
    }
}

struct Never;

impl Key for Never {
    fn is(&self, _: &Self) -> bool {
        false
    }
}

/// A view whose parts are all there.
struct Whole<K, T>(K, T);

/// What stands in the page of a [`Whole`].
struct Drawn<K, S>(K, S);

impl<K: Key, T: Render> Render for Whole<K, T> {
    type State = Drawn<K, T::State>;

    fn build(self) -> Self::State {
        Drawn(self.0, self.1.build())
    }

    fn rebuild(self, state: &mut Self::State) {
        if self.0.is(&state.0) {
            self.1.rebuild(&mut state.1);
        } else {
            let mut new = self.build();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
        }
    }
}

impl<K, S: Mountable> Mountable for Drawn<K, S> {
    fn unmount(&mut self) {
        self.1.unmount();
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        self.1.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.1.insert_before_this(child)
    }

    fn elements(&self) -> Vec<types::Element> {
        self.1.elements()
    }
}

/// Attributes are written where an element is: nothing is put on a view from outside.
impl<K: Key, T: RenderHtml> AddAnyAttr for Whole<K, T> {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _: A) -> Self::Output<A> {
        self
    }
}

impl<K: Key, T: RenderHtml> RenderHtml for Whole<K, T> {
    type AsyncOutput = T::AsyncOutput;
    type Owned = Whole<K, T::Owned>;

    const MIN_LENGTH: usize = T::MIN_LENGTH;
    const EXISTS: bool = T::EXISTS;

    fn dry_resolve(&mut self) {
        self.1.dry_resolve();
    }

    async fn resolve(self) -> Self::AsyncOutput {
        self.1.resolve().await
    }

    fn html_len(&self) -> usize {
        self.1.html_len()
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.1
            .to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.1.to_html_async_with_buf::<OUT_OF_ORDER>(
            buf,
            position,
            escape,
            mark_branches,
            extra_attrs,
        );
    }

    fn hydrate<const FROM_SERVER: bool>(
        self,
        cursor: &Cursor,
        position: &PositionState,
    ) -> Self::State {
        Drawn(self.0, self.1.hydrate::<FROM_SERVER>(cursor, position))
    }

    // `hydrate_async` stays the one that leptos gives: it calls the one above.

    fn into_owned(self) -> Self::Owned {
        Whole(self.0, self.1.into_owned())
    }
}
