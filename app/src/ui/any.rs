//! A view of any type as one type, without what no page needs.
//!
//! [`leptos::prelude::IntoAny`] compiles two ways to take over a page that the server drew: one that waits for parts of it,
//! and one that does not. Nothing here waits, but a table of functions keeps the first. The builder empties it
//! (`.xtask/src/snip`); what it still left behind was 2.5 kB of the portal. [`Any::any`] makes the first out of the second.

use leptos::{
    prelude::*,
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        ssr::StreamBuilder,
        view::{Position, PositionState, add_attr::AddAnyAttr},
    },
};

/// Becomes an [`AnyView`].
pub trait Any {
    /// As a view of the one type.
    fn any(self) -> AnyView;
}

impl<T: RenderHtml + 'static> Any for T {
    fn any(self) -> AnyView {
        Whole(self).into_any()
    }
}

/// A view whose parts are all there.
struct Whole<T>(T);

impl<T: Render> Render for Whole<T> {
    type State = T::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        self.0.rebuild(state);
    }
}

/// Attributes are written where an element is: nothing is put on a view from outside.
impl<T: RenderHtml> AddAnyAttr for Whole<T> {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _: A) -> Self::Output<A> {
        self
    }
}

impl<T: RenderHtml> RenderHtml for Whole<T> {
    type AsyncOutput = T::AsyncOutput;
    type Owned = Whole<T::Owned>;

    const MIN_LENGTH: usize = T::MIN_LENGTH;
    const EXISTS: bool = T::EXISTS;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    async fn resolve(self) -> Self::AsyncOutput {
        self.0.resolve().await
    }

    fn html_len(&self) -> usize {
        self.0.html_len()
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0
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
        self.0.to_html_async_with_buf::<OUT_OF_ORDER>(
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
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    // `hydrate_async` stays the one that leptos gives: it calls the one above.

    fn into_owned(self) -> Self::Owned {
        Whole(self.0.into_owned())
    }
}
