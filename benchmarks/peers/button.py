"""The least that a page of Streamlit can do: a button and a text that answers it."""

import streamlit as st

presses = st.session_state.get("presses", 0)
if st.button("Press"):
    presses += 1
    st.session_state["presses"] = presses
st.write(f"answer {presses}")
